import { condition, setHandler } from '@temporalio/workflow';
import { targetReleased } from './messages.ts';

/**
 * Is open as long as an incident acts on a target. Its workflow id is the target's, so that Temporal itself lets only one be
 * open; it is the incident's child, so that it ends with the incident however that ends.
 */
export async function targetLock(): Promise<void> {
  let released = false;
  setHandler(targetReleased, () => {
    released = true;
  });
  await condition(() => released);
}
