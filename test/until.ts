import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until something holds, looking at it again and again.
 * @throws when it does not within the patience.
 */
export async function until(what: string, holds: () => Promise<boolean>, lookEveryMs = 200, patienceMs = 120_000): Promise<void> {
  for (const began = Date.now(); Date.now() - began < patienceMs; await sleep(lookEveryMs)) if (await holds()) return;
  throw new Error(`Within ${patienceMs / 1000} s it did not happen that ${what}.`);
}
