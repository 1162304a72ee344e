import type { GoldenSeen } from './golden-request.ts';
import type { GpuFault } from './gpu-fault.ts';
import type { MemoryBounds } from './memory-bounds.ts';
import type { MemoryTrend } from './memory-trend.ts';
import type { CertificateSeen, DependencySeen, Paths, WorkloadReadiness } from './paths.ts';
import type { PlacesSeen } from './places.ts';
import type { Reading } from './reading.ts';
import type { ReferenceSeen } from './reference.ts';
import type { Room, Scaling } from './scaling.ts';

/**
 * What stands around a target that is not well, for its diagnosis. Each piece is bounded in time, size and calls, and read beside the
 * others; one that cannot be read says so, and no rule may take it for an answer.
 */
export interface Context {
  /** Warnings about the target, what it owns and its pods, the newest first. */
  readonly events: Reading<readonly EventSeen[]>;
  /** The nodes that the target's pods are on. */
  readonly nodes: Reading<readonly NodeSeen[]>;
  /** What NVIDIA's driver told of the GPUs of those nodes within the last hour; none where all pods are ready, or no metrics tell. */
  readonly gpuFaults: Reading<readonly GpuFault[]>;
  /** What scales it, and what bounds that; null where it has no pods that could be scaled. */
  readonly scaling: Reading<Scaling | null>;
  /** Whether more of its pods would find a place; null while not all of them are ready, since then it is not the question. */
  readonly room: Reading<Room | null>;
  /** What its newest release cannot start without, as far as it may be looked at. */
  readonly references: Reading<readonly ReferenceSeen[]>;
  /** Where a pod that no node takes could go; null where every pod has a node. */
  readonly places: Reading<PlacesSeen | null>;
  /** What bounds the memory of its containers; null where none was killed for want of memory. */
  readonly memoryBounds: Reading<MemoryBounds | null>;
  /** How the memory of a killed container grew; null where no metrics tell. */
  readonly memoryTrend: Reading<MemoryTrend | null>;
  /** What it answers to its golden request; null where it has none, or no pod that is ready. */
  readonly golden: Reading<GoldenSeen | null>;
  /** What requests to it go through; null where nothing was looked at, or it has no pods' template yet. */
  readonly paths: Reading<Paths | null>;
  /** Services of the cluster that its pod template names. */
  readonly dependencies: Reading<readonly DependencySeen[]>;
  /** What answers the cluster's questions for names; null where it is not found. */
  readonly dns: Reading<WorkloadReadiness | null>;
  /** Certificates it mounts, or that Ingresses to it show. */
  readonly certificates: Reading<readonly CertificateSeen[]>;
}

/** A warning that a part of the cluster wrote. */
export interface EventSeen {
  /** What it is about, as `Kind/name`. */
  readonly about: string;
  /** Such as `FailedScheduling` or `Unhealthy`. */
  readonly reason: string;
  /** Shortened, with secrets struck out. */
  readonly message: string;
  readonly count: number;
  /** Epoch milliseconds, when it was first seen. */
  readonly firstMs: number;
  /** Epoch milliseconds, when it was last seen. */
  readonly lastMs: number;
}

export interface NodeSeen {
  readonly name: string;
  readonly ready: boolean;
  /** Its conditions that are not as they should be, such as `MemoryPressure`. */
  readonly pressures: readonly string[];
  readonly unschedulable: boolean;
  /** Pods of other targets on it that are not ready, and how many are. */
  readonly others: { readonly ready: number; readonly notReady: number };
}

/** Nothing around it explains anything. */
export const QUIET_CONTEXT: Context = {
  events: { kind: 'read', value: [] },
  nodes: { kind: 'read', value: [] },
  gpuFaults: { kind: 'read', value: [] },
  scaling: { kind: 'read', value: null },
  room: { kind: 'read', value: null },
  references: { kind: 'read', value: [] },
  places: { kind: 'read', value: null },
  memoryBounds: { kind: 'read', value: null },
  memoryTrend: { kind: 'read', value: null },
  golden: { kind: 'read', value: null },
  paths: { kind: 'read', value: null },
  dependencies: { kind: 'read', value: [] },
  dns: { kind: 'read', value: null },
  certificates: { kind: 'read', value: [] },
};
