import { type Guard, refuse } from '../guard.ts';

/** Clocks of one platform differ by less. */
const DIFFERENCE_SECONDS_MAX = 120;
const LOOK_AGAIN_MS = 15_000;

/** Windows and freezes are measured by the clock, so that one which was put forward or back opens none and closes none. */
export const clocks: Guard = ({ request: { surroundings }, nowMs }) => {
  const { readAtMs, apiServerMs } = surroundings;
  const others: readonly (readonly [string, number])[] = [
    ["the worker's", readAtMs],
    ...(apiServerMs.kind === 'read' ? [["the API server's", apiServerMs.value] as const] : []),
  ];
  for (const [whose, atMs] of others) {
    const apartMs = Math.abs(nowMs - atMs);
    if (apartMs <= DIFFERENCE_SECONDS_MAX * 1000) continue;
    const reason = `Temporal's clock and ${whose} are ${Math.ceil(apartMs / 1000)} s apart, or what was read is that old; more than ${DIFFERENCE_SECONDS_MAX} s cannot be trusted.`;
    return refuse('clocks', reason, nowMs + LOOK_AGAIN_MS);
  }
  return null;
};
