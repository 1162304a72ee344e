import type { Reading } from './reading.ts';

/** What stands around one plan, read directly before leave to carry it out is asked for. */
export interface Surroundings {
  /** Epoch milliseconds by the worker's clock, when the reading began. */
  readonly readAtMs: number;
  /** Epoch milliseconds by the API server's clock, from the `Date` of its answers. */
  readonly apiServerMs: Reading<number>;
  readonly object: Reading<ObjectState>;
  readonly namespace: Reading<NamespaceState>;
  readonly nodes: Reading<NodesState>;
  readonly replicas: Reading<ReplicasState>;
  /** Prometheus answers a query; null where none is configured. */
  readonly metrics: Reading<true> | null;
  /** The model registry answers; null where the plan does not lean on one. */
  readonly registry: Reading<true> | null;
}

/** The target itself. */
export interface ObjectState {
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  /** What owns it and what it owns, as targets are written (`namespace/Kind/name`); itself not included. */
  readonly related: readonly string[];
  /** What its opt-out annotation says; null where it has none. */
  readonly optOut: string | null;
  /** The tool that keeps it as a repository or chart has it; null where none does. */
  readonly managedBy: { readonly tool: 'Argo CD' | 'Flux' | 'Helm'; readonly name: string } | null;
  /** A person holds it, and how, as the end of a sentence ("its rollout is paused"); null where nobody does. */
  readonly heldByPerson: string | null;
}

export interface NamespaceState {
  readonly optOut: string | null;
  readonly isTerminating: boolean;
  /** Workloads and model servers in it that want pods; what another of these owns is not counted. */
  readonly workloads: number;
}

export interface NodesState {
  readonly total: number;
  readonly ready: number;
  /** Ready ones that take pods once the plan is carried out. */
  readonly openAfter: number;
}

/** The target's pods, and what the plan does to them. */
export interface ReplicasState {
  readonly wanted: number;
  readonly ready: number;
  /** So many ready pods are away at once, at worst, while the plan is carried out. */
  readonly readyTaken: number;
  /** Why a pod that is taken would find no room elsewhere, as a sentence; null where it would. */
  readonly noRoom: string | null;
  /** A person works on its nodes or in its pods, and how, as the end of a sentence; null where nobody does. */
  readonly personAtWork: string | null;
}
