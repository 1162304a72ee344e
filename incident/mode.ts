/** How much is done without a person, the most cautious first. `off`: nothing at all, not even a diagnosis. */
export const MODES = ['off', 'observe', 'approve', 'auto'] as const;

export type Mode = (typeof MODES)[number];

export function mostCautious(first: Mode, ...others: readonly Mode[]): Mode {
  return others.reduce((soFar, mode) => (MODES.indexOf(mode) < MODES.indexOf(soFar) ? mode : soFar), first);
}
