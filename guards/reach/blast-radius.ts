import { targetText } from '../../incident/target.ts';
import { firstRefusal, type Guard, type Limit, limitsOf, refuse } from '../guard.ts';
import { actsDone } from '../ledger/ledger.ts';
import type { Share } from '../limits.ts';
import { isLimit, notALimit, spanText, windowFull } from '../repetition/window.ts';

const LOOK_AGAIN_MS = 60_000;

/** No more than a part of anything is away at once, and never the last of it. */
export const blastRadius: Guard = (asked) => replicas(asked) ?? namespaceWorkloads(asked) ?? nodes(asked) ?? modelVersions(asked);

const replicas: Guard = ({ request, nowMs }) => {
  const seen = request.surroundings.replicas;
  if (seen.kind !== 'read') return null;
  const { wanted, ready, readyTaken, noRoom } = seen.value;
  const waits = (reason: string) => refuse('blast-radius', reason, nowMs + LOOK_AGAIN_MS);
  if (noRoom !== null) return waits(noRoom);
  if (readyTaken > 0 && readyTaken >= ready)
    return waits(`It would take the last ready replica (${ready} ready, ${readyTaken} away at once).`);
  return firstRefusal(
    limitsOf(request, ({ blast }) => blast?.replicasPercent),
    (percent, from) => {
      const away = Math.max(0, wanted - ready) + readyTaken;
      // One of a few is more than a small share, and healing must be possible there too.
      if (readyTaken <= Math.max(1, Math.floor((wanted * percent) / 100))) return null;
      return waits(
        `It would take ${readyTaken} ready replicas at once, so that ${away} of ${wanted} are away; the limit of ${from} is ${percent} %.`,
      );
    },
  );
};

const namespaceWorkloads: Guard = ({ request, ledger, nowMs }) => {
  const { namespace } = request.surroundings;
  if (namespace.kind !== 'read') return null;
  const target = targetText(request.target);
  const touched = actsDone(ledger)
    .filter((act) => act.namespace === request.target.namespace && act.target !== target)
    .map((act) => ({ what: act.target, atMs: act.actedMs ?? nowMs }));
  const whole = { count: namespace.value.workloads, text: `workloads of namespace ${request.target.namespace}` };
  return withinShare(
    limitsOf(request, ({ blast }) => blast?.namespaceWorkloads),
    touched,
    1,
    whole,
    nowMs,
  );
};

const nodes: Guard = ({ request, ledger, nowMs }) => {
  const { nodes: seen } = request.surroundings;
  if (request.nodes.length === 0 || seen.kind !== 'read') return null;
  if (!(seen.value.openAfter > 0))
    return refuse('blast-radius', 'It would cordon the last ready node that takes pods.', nowMs + LOOK_AGAIN_MS);
  const touched = actsDone(ledger).flatMap(({ nodes: taken, actedMs }) => taken.map((what) => ({ what, atMs: actedMs ?? nowMs })));
  const others = touched.filter(({ what }) => !request.nodes.includes(what));
  return withinShare(
    limitsOf(request, ({ blast }) => blast?.nodes),
    others,
    request.nodes.length,
    { count: seen.value.total, text: 'nodes of the cluster' },
    nowMs,
  );
};

const modelVersions: Guard = ({ request, ledger, nowMs }) => {
  const { rollback } = request;
  if (rollback === null) return null;
  const times = actsDone(ledger).flatMap((act) => (act.rollback?.subject === rollback.subject ? (act.actedMs ?? nowMs) : []));
  return firstRefusal(
    limitsOf(request, ({ blast }) => blast?.modelVersions),
    (rate, from) =>
      windowFull(
        'blast-radius',
        rate,
        times,
        nowMs,
        ({ max, span }) => `${rollback.subject} was taken back ${timesText(max)} within ${span}: the limit of ${from} is reached.`,
      ),
  );
};

/** Refuses when so many more than were touched within the window would be more than the share of the whole. */
function withinShare(
  limits: readonly Limit<Share>[],
  touched: readonly Touched[],
  more: number,
  whole: { readonly count: number; readonly text: string },
  nowMs: number,
): ReturnType<Guard> {
  return firstRefusal(limits, ({ percent, atLeast, withinSeconds }, from) => {
    // A share that is no number refuses below; a window that is none would forget everything.
    if (!isLimit(withinSeconds)) return notALimit('blast-radius', `on ${whole.text}`, withinSeconds);
    const latest = latestTimes(touched.filter(({ atMs }) => nowMs - atMs < withinSeconds * 1000));
    const max = Math.max(atLeast, Math.floor((whole.count * percent) / 100));
    const tooMany = latest.length + more - max;
    if (tooMany <= 0) return null;
    const reason = `${more} more of ${whole.count} ${whole.text} would be acted on after ${latest.length} within ${spanText(withinSeconds)}; ${max} in all are the limit of ${from}.`;
    const leavesLast = latest[tooMany - 1];
    if (leavesLast === undefined) return refuse('blast-radius', reason, null);
    // What is not over counts as of now, and leaves only once it is.
    const waitMs = leavesLast === nowMs ? Math.min(LOOK_AGAIN_MS, withinSeconds * 1000) : withinSeconds * 1000;
    return refuse('blast-radius', reason, leavesLast + waitMs);
  });
}

/** Something that was acted on. */
interface Touched {
  readonly what: string;
  readonly atMs: number;
}

/** When each was touched last, oldest first: then each leaves the window. */
function latestTimes(touched: readonly Touched[]): readonly number[] {
  const latest = new Map<string, number>();
  for (const { what, atMs } of touched) latest.set(what, Math.max(atMs, latest.get(what) ?? atMs));
  return [...latest.values()].sort((a, b) => a - b);
}

function timesText(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}
