import { PARTS } from './parts/all.ts';

/**
 * Puts the machine back as it was before a sandbox of which only the folder is left: its supervisor fell, and the lifeline with
 * it. Harmless when there is nothing to put back.
 */
export async function cleanUp(dataDir: string): Promise<void> {
  for (const part of Object.values(PARTS)) await part.cleanUp?.({ dataDir });
}
