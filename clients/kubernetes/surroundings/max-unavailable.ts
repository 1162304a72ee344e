import type { V1DeploymentStrategy } from '@kubernetes/client-node';
import type { WorkloadRead } from '../read-workload.ts';
import { countsOf, rolloutOf } from '../rollouts.ts';

const DEFAULT = '25%';

/** So many of the wanted pods a rollout of the workload may take away at once, by Kubernetes' own arithmetic. */
export function maxUnavailable(workload: WorkloadRead): number {
  const { kind, object } = workload;
  const wanted = countsOf(workload).replicasWanted;
  if (rolloutOf(workload).byHand) return 0;
  if (kind === 'Deployment') return ofDeployment(wanted, object.spec?.strategy);
  const { rollingUpdate } = object.spec?.updateStrategy ?? {};
  const most = resolved(rollingUpdate?.maxUnavailable ?? 1, wanted);
  if (kind === 'StatefulSet') return Math.min(wanted, Math.max(1, Math.floor(most)));
  return Math.min(wanted, Math.ceil(most));
}

function ofDeployment(wanted: number, strategy: V1DeploymentStrategy | undefined): number {
  if (strategy?.type === 'Recreate') return wanted;
  const surge = Math.ceil(resolved(strategy?.rollingUpdate?.maxSurge ?? DEFAULT, wanted));
  const unavailable = Math.floor(resolved(strategy?.rollingUpdate?.maxUnavailable ?? DEFAULT, wanted));
  // With neither, a rollout could not move.
  return Math.min(wanted, surge === 0 && unavailable === 0 ? 1 : unavailable);
}

/** @throws when it is neither a number nor a percentage. */
function resolved(value: number | string, wanted: number): number {
  const text = String(value);
  const [, number, percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new Error(`Cannot tell how many pods a rollout takes away: "${text}" is neither a number nor a percentage.`);
  return percent ? (Number(number) * wanted) / 100 : Number(number);
}
