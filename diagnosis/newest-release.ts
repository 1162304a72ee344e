import type { Difference } from '../incident/difference.ts';
import { differencesText } from '../incident/difference.ts';
import type { PodSeen, Release, WorkloadEvidence } from '../incident/evidence.ts';

/** A release that has lasted so long has proved itself: what fails now came later. */
const PROVEN_SECONDS = 86_400;

/** The newest release of which no pod is ready, while the one before it is well or has gone. */
export interface SuspectRelease {
  readonly newest: Release;
  readonly previous: Release;
  /** Pods of the newest release that have not ended. */
  readonly pods: readonly PodSeen[];
}

/**
 * The newest release, where it may be to blame: it has a difference to the one before it, none of its pods is ready, and pods of the
 * one before it are ready or are no longer there. Null otherwise.
 */
export function suspectRelease({ releases, pods, differences, releaseAgeSeconds }: WorkloadEvidence): SuspectRelease | null {
  const [newest, previous] = releases;
  if (!newest || !previous || differences.length === 0 || (releaseAgeSeconds ?? 0) > PROVEN_SECONDS) return null;
  const alive = pods.filter((pod) => pod.ended === null);
  const ofNewest = alive.filter((pod) => pod.release === newest.hash);
  const older = alive.filter((pod) => pod.release !== newest.hash);
  const wasFine = older.length === 0 || older.some((pod) => pod.ready);
  return ofNewest.some((pod) => pod.ready) || !wasFine ? null : { newest, previous, pods: ofNewest };
}

/** Differences of one of these kinds between the newest release and the one before it. */
export function differencesIn({ differences }: WorkloadEvidence, kinds: readonly Difference['what'][]): readonly Difference[] {
  return differences.filter(({ what }) => kinds.includes(what));
}

/** As the end of a sentence about the newest release. */
export function differsText({ previous }: SuspectRelease, differences: readonly Difference[]): string {
  return `it differs from revision ${previous.revision} in ${differencesText(differences)}`;
}
