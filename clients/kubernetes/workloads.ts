import type { Evidence } from '../../incident/evidence.ts';
import type { Target } from '../../incident/target.ts';

/** Raised when the world moved between the look and the act: the plan must be made again. */
export class TargetChanged extends Error {}

/** Raised when the target does not exist (any more). */
export class TargetGone extends Error {}

/** What Paramedic needs of Kubernetes to see and heal a workload. */
export interface Workloads {
  /** @throws TargetGone when the workload does not exist. */
  observe(target: Target): Promise<Evidence>;
  /** The topmost owner of a pod that we know how to heal, or null when there is none. */
  ownerOf(namespace: string, pod: string): Promise<{ kind: string; name: string } | null>;
  exists(namespace: string, kind: string, name: string): Promise<boolean>;
  /** The key of the last act recorded on the workload, null when none is. */
  lastActionKey(target: Target): Promise<string | null>;
  /**
   * Puts the previous release's pod template back and records the key on the workload in the same write.
   * @throws TargetChanged when the spec is no longer of the given generation.
   */
  undoRelease(target: Target, generation: number, key: string): Promise<{ before: string; after: string }>;
  /** Raises the limit (and a lower request) of the OOM-killed container in the template, likewise guarded. */
  raiseMemory(
    target: Target,
    generation: number,
    key: string,
    container: string,
    limitMi: number,
  ): Promise<{ before: string; after: string }>;
  /** Deletes exactly this pod, by uid; one already gone is the same as deleted. */
  deletePod(namespace: string, pod: string, uid: string): Promise<void>;
  /** Writes a Kubernetes Event on the target. */
  recordEvent(target: Target, reason: string, message: string): Promise<void>;
}
