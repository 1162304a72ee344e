import type { Interval, RunRead } from './run.ts';

/** What an incident waits for on purpose, each with what is meant by it. */
export const WAITS = {
  settling: 'for the failure to go by itself, as its runbook says',
  guards: 'for a guard or a backoff to let it, or for what may pass by itself',
  approval: 'for a person to give leave or to decide',
  others: "for somebody's rollout or run to end",
  quiet: 'for what ended by itself, or was decided, to stay away',
} as const;

export type WaitKind = keyof typeof WAITS;

/** A time in which an incident waited on purpose. */
export interface Wait extends Interval {
  readonly kind: WaitKind;
}

/** Phases in which an incident waits on purpose. In every other one something is being done, looked at, or in a person's hands. */
const BY_PHASE: Readonly<Record<string, WaitKind>> = { settling: 'settling', waiting: 'guards', asking: 'approval', watching: 'quiet' };

/** Says that no channel has taken a message yet, and nothing of what the incident does meanwhile. */
const BESIDE = 'untold';

/** @param untilMs when a run that goes on is looked at */
export function waitsOf({ phases, waits, endedMs }: Pick<RunRead, 'phases' | 'waits' | 'endedMs'>, untilMs: number): readonly Wait[] {
  const real = phases.filter(({ phase }) => phase !== BESIDE);
  const byPhase = real.flatMap(({ phase, sinceMs }, index) => {
    const kind = BY_PHASE[phase];
    const toMs = real[index + 1]?.sinceMs ?? endedMs ?? untilMs;
    return kind && toMs > sinceMs ? [{ kind, fromMs: sinceMs, toMs }] : [];
  });
  return [...byPhase, ...waits.map((one) => ({ kind: 'others' as const, ...one }))];
}

/** How long of a time was waited on purpose. */
export function waitedMs(waits: readonly Wait[], fromMs: number, toMs: number): number {
  return waits.reduce((sum, wait) => sum + Math.max(0, Math.min(wait.toMs, toMs) - Math.max(wait.fromMs, fromMs)), 0);
}
