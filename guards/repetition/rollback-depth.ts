import type { Rollback } from '../../incident/rollback.ts';
import { firstRefusal, type Guard, limitsOf, refuse } from '../guard.ts';
import { actsDone } from '../ledger/ledger.ts';

/** Going back is done once, not again and again, and never to what is known to be bad. */
export const rollbackDepth: Guard = ({ request, ledger, nowMs }) => {
  const { rollback } = request;
  if (rollback === null) return null;
  const { subject, from, to, toIsQuarantined } = rollback;
  if (toIsQuarantined) return refuse('rollback-depth', `${to} of ${subject} is quarantined.`, null);
  const earlier = actsDone(ledger).flatMap((act) => (act.rollback?.subject === subject ? { ...act, rollback: act.rollback } : []));
  if (earlier.some((act) => act.rollback.from === to))
    return refuse('rollback-depth', `${subject} was taken back from ${to} before; going there again would be going in circles.`, null);
  if (earlier.some((act) => act.rollback.from === from && act.outcome === 'recovered'))
    return refuse(
      'rollback-depth',
      `${subject} was taken back from ${from} before, and somebody brought it again: that is theirs to settle.`,
      null,
    );
  const promotedMs = promotionMs(rollback, nowMs);
  const depth = depthBelow(
    from,
    earlier.filter(({ grantedMs }) => grantedMs > promotedMs).map((act) => act.rollback),
  );
  return firstRefusal(
    limitsOf(request, (limits) => limits.rollbackDepth),
    (max, layer) => {
      // Nought is a limit too: never go back.
      if (Number.isInteger(max) && depth < max) return null;
      const done = depth === 0 ? 'may not be taken back' : `was already taken back ${depth} deep since a person last moved it forward`;
      return refuse('rollback-depth', `${subject} ${done} (limit ${max} of ${layer}).`, null);
    },
  );
};

/**
 * Since when steps count: with a promotion, a person has taken it on from there. One that is told of in a time to come is a slip of some
 * clock, and counts as none; and no promotion makes good that the very same version was taken back before.
 */
function promotionMs({ promotedMs }: Rollback, nowMs: number): number {
  return typeof promotedMs === 'number' && promotedMs <= nowMs ? promotedMs : Number.NEGATIVE_INFINITY;
}

/** How many times in a row it was taken back to come to where it is; a version that a person brought begins anew. */
function depthBelow(version: string, earlier: readonly Rollback[]): number {
  let depth = 0;
  let here = version;
  for (const { from, to } of [...earlier].reverse()) {
    if (to !== here) continue;
    depth++;
    here = from;
  }
  return depth;
}
