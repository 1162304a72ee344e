import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 120_000;

/** Waits until something holds, looking at it again and again. */
export async function until(what: string, holds: () => Promise<boolean>, lookEveryMs = 200): Promise<void> {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await sleep(lookEveryMs)) if (await holds()) return;
  throw new Error(`Within ${PATIENCE_MS / 1000} s it did not happen that ${what}.`);
}
