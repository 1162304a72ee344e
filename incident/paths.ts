import type { Labels } from './label-selector.ts';
import type { PodPort, PolicySeen } from './network-policy.ts';

/** What requests to a target go through, and what may cut them. */
export interface Paths {
  /** Epoch milliseconds, when it was read. */
  readonly readAtMs: number;
  readonly namespace: string;
  /** What the target's own selector demands of its pods: these labels no release can change. */
  readonly ownLabels: Labels;
  readonly newest: Face;
  /** Null where history holds no release before the newest. */
  readonly previous: Face | null;
  readonly services: readonly ServiceSeen[];
  /** Those that select the pods of its newest release. */
  readonly policies: readonly PolicySeen[];
  /** Running pods that say nothing against themselves and are not ready. */
  readonly silent: readonly { readonly name: string; readonly sinceMs: number }[];
}

/** What Services see of a release. */
export interface Face {
  readonly labels: Labels;
  readonly ports: readonly PodPort[];
  /** Epoch milliseconds, when the release was made. */
  readonly madeMs: number;
}

/** A Service that selects the target's pods, selected those of the release before, or by its name or labels plainly means it. */
export interface ServiceSeen {
  readonly name: string;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** Pods of the namespace that it selects, whoever's. */
  readonly selected: number;
  /** Addresses behind it that are ready, and that are not. */
  readonly ready: number;
  readonly notReady: number;
  /** Epoch milliseconds. */
  readonly createdMs: number;
  /** Epoch milliseconds, when its text was last written. */
  readonly changedMs: number;
}

export interface ServicePort {
  /** Null where it has none. */
  readonly name: string | null;
  readonly number: number;
  /** The port of the pods, by number or by name. */
  readonly target: number | string;
  readonly protocol: string;
}

/** A Service of the cluster that the target's pod template names as an address. Nothing of the value it stands in is kept. */
export interface DependencySeen {
  readonly service: string;
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly selector: Labels;
  /** The pods behind it, by their template; null where it is not known. */
  readonly behind: Pick<Face, 'labels' | 'ports'> | null;
  readonly port: ServicePort;
  readonly ready: number;
  readonly notReady: number;
  /** What makes the pods behind it; null where it is not found. */
  readonly workload: WorkloadReadiness | null;
}

export interface WorkloadReadiness {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  readonly wanted: number;
  readonly ready: number;
}

/** A certificate that the target mounts, or that an Ingress to it shows, by what its issuer's records say. */
export interface CertificateSeen {
  readonly name: string;
  readonly secret: string;
  /** Such as `Ingress ranker` or `its pods`. */
  readonly usedBy: string;
  /** Epoch milliseconds. */
  readonly notAfterMs: number;
}
