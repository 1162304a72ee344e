import type { PodSeen, ServedModel } from '../../incident/evidence.ts';
import { failingPods } from '../failing-pods.ts';
import { wrongText } from '../golden-health.ts';
import type { Rule, WorkloadRule } from '../rule.ts';

/** What a rule says of the newest release is said of the model version, where the release brought another one. */
export function broughtByModel(rule: WorkloadRule): WorkloadRule {
  return (evidence, context) => {
    const { wanted, before } = evidence.served ?? {};
    if (!wanted || before === undefined || before === wanted) return null;
    const finding = rule(evidence, context);
    if (finding?.cause !== 'bad-release') return null;
    // Where more came with it, the version may not be all that is wrong.
    const confidence = evidence.differences.length > 1 ? 'possible' : finding.confidence;
    return { cause: 'bad-model-version', confidence, reason: `It was to serve ${wanted} instead of ${before}. ${finding.reason}` };
  };
}

/** Its pods are ready, and what they answer is not what the model should: the newest version that was brought is to blame. */
export const answersWrongly: Rule<{ readonly served: ServedModel | null; readonly pods: readonly PodSeen[] }> = (
  { served, pods },
  { golden },
) => {
  if (golden.kind !== 'read' || golden.value?.kind !== 'wrong' || !served || served.wanted === null) return null;
  const isWholly = served.serving.length === 1 && served.serving[0] === served.wanted;
  if (!isWholly || !pods.every((pod) => pod.ready)) return null;
  return { cause: 'bad-model-version', confidence: 'possible', reason: `It is ready, and ${wrongText(golden.value)}.` };
};

/** Told beside whatever else is found, since it keeps the model from being looked at. */
export const modelUnaddressed: WorkloadRule = ({ served, pods }) =>
  served?.whyUnaddressed === undefined || failingPods(pods).length === 0
    ? null
    : { cause: 'unknown', confidence: 'possible', reason: served.whyUnaddressed };
