import type { V1DeploymentStrategy } from '@kubernetes/client-node';

const DEFAULT = '25%';

/** So many of the wanted pods a Deployment's rollout may take away at once, by Kubernetes' own arithmetic. */
export function maxUnavailable(wanted: number, strategy: V1DeploymentStrategy | undefined): number {
  if (strategy?.type === 'Recreate') return wanted;
  const surge = Math.ceil(resolved(strategy?.rollingUpdate?.maxSurge, wanted));
  const unavailable = Math.floor(resolved(strategy?.rollingUpdate?.maxUnavailable, wanted));
  // With neither, a rollout could not move.
  return Math.min(wanted, surge === 0 && unavailable === 0 ? 1 : unavailable);
}

/** @throws when it is neither a number nor a percentage. */
function resolved(value: number | string | undefined, wanted: number): number {
  const text = String(value ?? DEFAULT);
  const [, number, percent] = /^(\d+)(%?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new Error(`Cannot tell how many pods a rollout takes away: "${text}" is neither a number nor a percentage.`);
  return percent ? (Number(number) * wanted) / 100 : Number(number);
}
