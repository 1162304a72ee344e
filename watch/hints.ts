import { z } from 'zod';
import { keyOf, type Place } from './ledger.ts';

/** More are let go: they only bring a look forward, and what they are about is found by the next list at the latest. */
const KEPT_MAX = 500;

const About = z.object({ involvedObject: z.object({ kind: z.string(), namespace: z.string().default(''), name: z.string() }) });

/** Objects that Kubernetes has warned of, to be looked at soon. A warning by itself is no condition, and raises nothing. */
export function openHints(isWatched: (kind: string) => boolean, isKnown: (place: Place) => boolean) {
  const places = new Map<string, Place>();
  return {
    /** @param event an Event of Kubernetes */
    take(event: unknown): void {
      const about = About.safeParse(event);
      if (!about.success || places.size >= KEPT_MAX) return;
      const { kind, namespace, name } = about.data.involvedObject;
      // A node's is in a namespace, too.
      const place = { kind, namespace: kind === 'Node' ? '' : namespace, name };
      if (isWatched(kind) && !isKnown(place)) places.set(keyOf(place), place);
    },

    /** The oldest ones, which are then forgotten. */
    next(max: number): Place[] {
      const first = [...places].slice(0, max);
      for (const [key] of first) places.delete(key);
      return first.map(([, place]) => place);
    },
  };
}
