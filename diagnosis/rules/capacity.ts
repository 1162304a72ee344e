import type { WorkloadEvidence } from '../../incident/evidence.ts';
import { dueOf } from '../../incident/rollout.ts';
import { type LoadNotBorne, loadNotBorne, scalingOf } from '../load-borne.ts';
import type { Finding, WorkloadRule } from '../rule.ts';

/** Who writes the number of pods because of the load, and not because somebody wants it so. */
const AUTOSCALERS = ['kube-controller-manager', 'keda', 'keda-operator'];

/** Nothing runs because nothing is meant to: no autoscaler but KEDA's goes down to nothing, so that whoever wrote it wants it so. */
export const scaledToZero: WorkloadRule = ({ replicasWanted, pods }, context) => {
  const scaling = scalingOf(context);
  if (replicasWanted !== 0 || pods.length > 0 || scaling === null) return null;
  const { scaler, replicasWrittenBy: writer } = scaling;
  if (scaler.kind === 'ScaledObject' && scaler.least === 0 && scaler.paused === null)
    return {
      cause: 'scaled-to-zero',
      confidence: 'likely',
      reason: `ScaledObject ${scaler.name} may scale it to nothing while there is nothing to do, and has.`,
    };
  if (writer !== null && AUTOSCALERS.includes(writer)) return null;
  return {
    cause: 'scaled-to-zero',
    confidence: writer === null ? 'likely' : 'certain',
    reason: `It is scaled to no pods, by ${writer ?? 'somebody whom the API server does not name'}: it is meant to be off.`,
  };
};

export const scalerPaused = ofReadyPods('paused', (reason) => ({ cause: 'scaler-paused', confidence: 'certain', reason }));

/** Before its bounds are blamed: what it says of them is old where it cannot measure. */
export const autoscalerBlind = ofReadyPods('blind', (reason) => ({ cause: 'autoscaler-blind', confidence: 'certain', reason }));

export const autoscalerAtMaximum = ofReadyPods('atMaximum', (reason) => ({
  cause: 'autoscaler-at-maximum',
  confidence: 'certain',
  reason,
}));

/** Only a metric says that pods are too few; that they are all ready and nothing scales them does not. */
export const replicasFixedTooLow = ofReadyPods('fixed', (reason) => ({ cause: 'replicas-fixed-too-low', confidence: 'certain', reason }));

/** While pods are not ready, more of them are no answer yet. */
function ofReadyPods(why: LoadNotBorne['why'], find: (reason: string) => Finding): WorkloadRule {
  return (workload, context) => {
    const scaling = scalingOf(context);
    const ill = scaling && areAllReady(workload) ? loadNotBorne(scaling) : null;
    return ill?.why === why ? find(ill.reason) : null;
  };
}

function areAllReady(workload: WorkloadEvidence): boolean {
  const { observed, replicasWanted, replicasUpdated, pods } = workload;
  const isRolledOut = observed && pods.length >= replicasWanted && replicasUpdated >= dueOf(workload);
  return isRolledOut && pods.length > 0 && pods.every(({ ready }) => ready);
}
