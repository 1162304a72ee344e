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
  const times = timesOf(
    actsDone(ledger).filter((act) => isCounted(scope, act, request)),
    nowMs,
  );
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

function isCounted(scope: RateScope, act: Act, { remedy, target }: PermitRequest): boolean {
  return scope === 'remedy' ? act.remedy === remedy : scope === 'namespace' ? act.namespace === target.namespace : true;
}

/** When acts were done. One that is not over counts as done now, since it may still be written. */
export function timesOf(acts: readonly Act[], nowMs: number): readonly number[] {
  return acts.map(({ actedMs }) => actedMs ?? nowMs);
}

function whereText(scope: RateScope, { remedy, target }: PermitRequest): string {
  return {
    remedy: `of ${remedy}`,
    namespace: `in namespace ${target.namespace}`,
    cluster: 'in this cluster',
    allClusters: 'in all clusters',
  }[scope];
}
