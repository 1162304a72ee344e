import type { Alert } from '../incident/alert.ts';

/** Alerts that always fire, so that their silence is noticed: kube-prometheus' and what others call it. */
const WATCHDOGS: readonly string[] = ['Watchdog', 'DeadMansSwitch'];
const TELL_EVERY_MS = 30_000;
const SOURCES_MAX = 1_000;

export function isWatchdog({ name }: Pick<Alert, 'name'>): boolean {
  return WATCHDOGS.includes(name);
}

/** The source of alerts by the receiver it sends to, which stays the same whichever of several such as it sends. @param word its own */
export function sourceName(word: string, receiver: string): string {
  return /^[\w./-]{1,100}$/.test(receiver) ? `${word}/${receiver}` : word;
}

/** Tells that a source is alive, not more often than silence is measured by. */
export interface Heartbeats {
  /** @throws what `tell` throws; the next beat is then told at once. */
  beat(source: string, tell: (source: string) => Promise<void>, nowMs: number): Promise<void>;
}

export function openHeartbeats(): Heartbeats {
  const toldMs = new Map<string, number>();
  return {
    async beat(source, tell, nowMs) {
      const before = toldMs.get(source);
      if (before !== undefined && nowMs - before < TELL_EVERY_MS) return;
      await tell(source);
      if (toldMs.size >= SOURCES_MAX) toldMs.clear();
      toldMs.set(source, nowMs);
    },
  };
}
