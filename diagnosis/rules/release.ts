import type { Context } from '../../incident/context.ts';
import type { Difference } from '../../incident/difference.ts';
import type { PodSeen, WorkloadEvidence } from '../../incident/evidence.ts';
import { failingContainers, failingPods, lastWords, symptoms } from '../failing-pods.ts';
import { differencesIn, differsText, suspectRelease } from '../newest-release.ts';
import type { WorkloadRule } from '../rule.ts';
import { missingOf } from './configuration.ts';
import { BAD_CONFIG, IMAGE_MISSING } from './waiting.ts';

/** The kubelet waits at most so long before it starts a crashing container anew. */
const RESTART_SECONDS_MAX = 600;
const RUN_WELL_SECONDS_MIN = 1_800;

/** Only the newest release fails and an older one exists: the release is the cause, whatever the symptom. */
export const badRelease: WorkloadRule = (evidence, context) => {
  const { pods } = evidence;
  const suspect = suspectRelease(evidence);
  const sick = failingPods(pods);
  if (!suspect || sick.length === 0 || sick.some(hasRunWell)) return null;
  const allNewFail = sick.length === suspect.pods.length && sick.every((pod) => pod.release === suspect.newest.hash);
  const brought = differencesThatExplain(evidence, context, sick);
  if (!allNewFail || brought.length === 0) return null;
  const { newest } = suspect;
  return {
    cause: 'bad-release',
    confidence: 'likely',
    reason: `Every pod of revision ${newest.revision} fails (${symptoms(sick)}); ${differsText(suspect, brought)}.${lastWords(sick)}`,
  };
};

/** It has been there for far longer than so few restarts take: it ran, and its release with it. */
function hasRunWell({ ageSeconds, containers }: PodSeen): boolean {
  const restarts = Math.max(0, ...containers.map((one) => one.restarts));
  return ageSeconds > RUN_WELL_SECONDS_MIN && restarts * RESTART_SECONDS_MAX < ageSeconds / 2;
}

/** Going back mends an image or a reference that is missing only where the release before it asked for another one. */
function differencesThatExplain(evidence: WorkloadEvidence, context: Context, sick: readonly PodSeen[]): readonly Difference[] {
  const waits = failingContainers(sick).map(({ waiting }) => waiting ?? '');
  if (waits.some((wait) => IMAGE_MISSING.includes(wait))) return differencesIn(evidence, ['image', 'pull', 'account', 'containers']);
  if (!waits.some((wait) => BAD_CONFIG.includes(wait))) return evidence.differences;
  return missingOf(evidence, context).some(({ inPrevious }) => inPrevious) ? [] : evidence.differences;
}
