import { firstRefusal, type Guard, limitsOf } from '../guard.ts';
import { type Act, actsDone } from '../ledger/ledger.ts';
import { windowFull } from '../repetition/window.ts';
import type { PermitRequest } from '../request.ts';

/** What is counted together. */
export type RateScope = 'remedy' | 'namespace' | 'cluster' | 'allClusters';

/** So many acts of one remedy, in one namespace, and in the cluster. */
export const rateLimit: Guard = (asked) => {
  for (const scope of ['remedy', 'namespace', 'cluster'] as const) {
    const refusal = rateWithin(scope, asked);
    if (refusal) return refusal;
  }
  return null;
};

/** So many acts in all clusters together. */
export const rateLimitOfAll: Guard = (asked) => rateWithin('allClusters', asked);

function rateWithin(scope: RateScope, { request, ledger, nowMs }: Parameters<Guard>[0]): ReturnType<Guard> {
  const name = { remedy: request.remedy, namespace: request.target.namespace, cluster: '', allClusters: '' }[scope];
  const times = rateTimes(ledger, scope, name, nowMs);
  const where = whereText(scope, request);
  return firstRefusal(
    limitsOf(request, ({ rates }) => rates?.[scope]),
    (rate, from) =>
      windowFull(
        'rate-limit',
        rate,
        times,
        nowMs,
        ({ max, span }) => `${max} ${max === 1 ? 'act' : 'acts'} ${where} within ${span}: the limit of ${from} is reached.`,
      ),
  );
}

/** When the acts counted together were done. One that is not over counts as done now, since it may still be written. */
export function rateTimes(ledger: Parameters<typeof actsDone>[0], scope: RateScope, name: string, nowMs: number): readonly number[] {
  const isCounted = (act: Act) => (scope === 'remedy' ? act.remedy === name : scope === 'namespace' ? act.namespace === name : true);
  return actsDone(ledger)
    .filter(isCounted)
    .map(({ actedMs }) => actedMs ?? nowMs);
}

function whereText(scope: RateScope, { remedy, target }: PermitRequest): string {
  return {
    remedy: `of ${remedy}`,
    namespace: `in namespace ${target.namespace}`,
    cluster: 'in this cluster',
    allClusters: 'in all clusters',
  }[scope];
}
