import { failingPods, lastWords, symptoms } from '../failing-pods.ts';
import type { WorkloadRule } from '../rule.ts';

/** Only the newest release fails and an older one exists: the release is the cause, whatever the symptom. */
export const badRelease: WorkloadRule = ({ releases, pods }) => {
  const [newest, previous] = releases;
  const sick = failingPods(pods);
  if (!newest || !previous || sick.length === 0) return null;
  const ofNewest = pods.filter((pod) => pod.release === newest.hash);
  const allNewFail = sick.length === ofNewest.length && sick.every((pod) => pod.release === newest.hash);
  if (!allNewFail) return null;
  return {
    cause: 'bad-release',
    confidence: 'likely',
    reason: `Every pod of revision ${newest.revision} fails (${symptoms(sick)}); revision ${previous.revision} came before it.${lastWords(sick)}`,
  };
};
