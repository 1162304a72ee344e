import type { Objects, RawObject } from '../clients/kubernetes/any-objects.ts';
import { DRILL_KINDS, MADE_OF_THEM } from './kinds.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * Takes away everything that has the labels, and returns once nothing is left, of pods either.
 * @param selector must name the label of drills
 * @returns what was taken away, as `Kind name`
 */
export async function cleanUp(
  objects: Pick<Objects, 'list' | 'remove'>,
  selector: string,
  pause: (ms: number) => Promise<void>,
): Promise<readonly string[]> {
  const taken = new Set<string>();
  for (;;) {
    const left = await leftOf(objects, selector);
    if (left.length === 0) return [...taken];
    for (const { removable, object } of left) {
      const { kind, apiVersion, metadata } = object;
      if (removable) taken.add(`${kind} ${metadata.name}`);
      if (removable && metadata.deletionTimestamp === undefined)
        await objects.remove({ apiVersion, kind, name: metadata.name }, metadata.uid);
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** All that is there with the labels. What Kubernetes made of the rest goes with that. */
async function leftOf(objects: Pick<Objects, 'list'>, selector: string) {
  const left: { readonly removable: boolean; readonly object: RawObject }[] = [];
  // A list's items say neither kind nor version.
  for (const [kinds, removable] of [
    [DRILL_KINDS, true],
    [MADE_OF_THEM, false],
  ] as const)
    for (const at of kinds)
      for (const item of await objects.list(at.apiVersion, at.kind, selector)) left.push({ removable, object: { ...item, ...at } });
  return left;
}
