import type { Difference } from './difference.ts';
import type { GoldenRequest } from './golden-request.ts';
import type { ContainerMemory } from './memory.ts';
import type { Addressing, RegisteredModel, ServerSettings } from './model.ts';
import type { ModelRecord } from './model-record.ts';
import type { PipelineEvidence } from './pipeline.ts';
import type { Reading } from './reading.ts';
import type { ReleaseReference } from './reference.ts';
import type { Rollout } from './rollout.ts';
import { isPipelineKind, isWorkloadKind, type ModelServerKind, type WorkloadKind } from './target.ts';

/** How a container last ended. */
export interface LastExit {
  /** Kubernetes' reason, such as `OOMKilled` or `Error`. */
  readonly reason: string;
  readonly code: number;
  /** The container's termination message, shortened and with secrets struck out; null when it left none. */
  readonly message: string | null;
}

/** One container as its pod's status tells it. */
export interface ContainerSeen {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Reason it waits, such as `CrashLoopBackOff` or `ImagePullBackOff`; null when it runs. */
  readonly waiting: string | null;
  /** What its kubelet says of that, shortened and with secrets struck out; null when it says nothing. */
  readonly waitingMessage: string | null;
  readonly lastExit: LastExit | null;
  /** Since it was started; null while it does not run. */
  readonly runningSeconds: number | null;
  /** Mebibytes; null where there is no limit. */
  readonly memoryLimitMi: number | null;
}

export interface PodSeen {
  readonly name: string;
  readonly uid: string;
  /** The hash of the release that the pod belongs to. */
  readonly release: string;
  readonly ready: boolean;
  /** The node it is on; null until it has one. */
  readonly node: string | null;
  /** The zone of that node, such as `eu-west-1a`; null where it is not known. */
  readonly zone: string | null;
  /** Why no node takes it, in the scheduler's words; null once it has a node. */
  readonly unschedulable: string | null;
  /** Its emptyDir volumes on disk: what is in them is lost with the pod. */
  readonly emptyDirs: readonly string[];
  /** Its PersistentVolumeClaims. */
  readonly claims: readonly string[];
  readonly containers: readonly ContainerSeen[];
  /** Since it was made. */
  readonly ageSeconds: number;
  /** Since it is not ready; null while it is. */
  readonly notReadySeconds: number | null;
  /** It is not ready, and its condition `Ready` says that a certificate is over. Nothing else that it says is kept. */
  readonly certificateExpired: boolean;
  /** So long it took to become ready; null while it is not. */
  readonly readyAfterSeconds: number | null;
  /** It is over and will not run again, such as one that its node has evicted; null while it is not. */
  readonly ended: PodEnd | null;
}

/** How a pod ended for good. */
export interface PodEnd {
  /** Kubernetes' reason, such as `Evicted`; empty where none is given. */
  readonly reason: string;
  /** Shortened, with secrets struck out. */
  readonly message: string;
  readonly secondsAgo: number;
}

/** A pod that was deleted and is there still, since its node does not say that it has ended. */
export interface OverduePod {
  readonly name: string;
  readonly node: string | null;
  /** Past the time that it was given to end. */
  readonly overdueSeconds: number;
}

/** One release of a workload: the ReplicaSet of a Deployment, else the ControllerRevision, that holds its pod template. */
export interface Release {
  readonly name: string;
  readonly uid: string;
  /** By which its pods are known: their label `pod-template-hash` or `controller-revision-hash`. */
  readonly hash: string;
  readonly revision: number;
  readonly images: readonly string[];
}

/** A workload and its pods as the API server showed them at one moment. */
export interface WorkloadEvidence {
  readonly kind: WorkloadKind;
  readonly uid: string;
  readonly generation: number;
  /** Its controller has seen the newest spec. */
  readonly observed: boolean;
  readonly replicasWanted: number;
  readonly replicasReady: number;
  readonly replicasUpdated: number;
  readonly paused: boolean;
  readonly rollout: Rollout;
  /** The newest release and the one before it, newest first; fewer where history holds none. */
  readonly releases: readonly Release[];
  /** Memory the template asks for, by container. */
  readonly memory: Readonly<Record<string, ContainerMemory>>;
  /** The same of the release before the newest; empty where there is none. */
  readonly memoryBefore: Readonly<Record<string, ContainerMemory>>;
  /** Without those that are being deleted. */
  readonly pods: readonly PodSeen[];
  readonly overdue: readonly OverduePod[];
  /** What the newest release has otherwise than the one before it; empty where there is none. */
  readonly differences: readonly Difference[];
  /** What the pods of the newest release cannot start without. */
  readonly references: readonly ReleaseReference[];
  /** Since the newest release was made; null where there is none. */
  readonly releaseAgeSeconds: number | null;
  /** Why no more pods can be made, in the API server's words, with secrets struck out; null where they can. */
  readonly createFailure: string | null;
  /** All pods of the newest release were ready at once, by a probe, or for as long as its `minReadySeconds` ask. */
  readonly provedReady: boolean;
  /** The rollout did not get on within its time, in the Deployment controller's words; null where it did, or may still. */
  readonly progressStopped: string | null;
  /** The model it says that it serves; null where it says so of none. */
  readonly served: ServedModel | null;
}

/** How a model server's controller says that loading the model goes. */
export interface ModelLoading {
  /** `UpToDate`, `InProgress`, `BlockedByFailedLoad` or `InvalidSpec`, in KServe's words. */
  readonly transition: string;
  /** State of the version that is wanted, such as `Loaded` or `FailedToLoad`; null where it is not said. */
  readonly wanted: string | null;
  readonly failure: string | null;
}

/** What the registry could tell of the model that a target serves. Not being able to tell is evidence too. */
export type RegistryEvidence =
  | { readonly kind: 'read'; readonly model: RegisteredModel }
  /** There is nothing to read: no registry is configured, or the model is not named or not registered. */
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Which version of a model a target is to serve, which it serves, and what is known of the model. */
export interface ServedModel {
  /** As it is registered, or else the server's own name for it. */
  readonly model: string;
  /** Name of the registry that its record is kept under; null where it is in none. */
  readonly place: string | null;
  readonly addressing: Addressing;
  /** Where the wanted version is loaded from, as the server writes it; null when it names no single address. */
  readonly wanted: string | null;
  /** Why it names none, as a sentence; absent where it names one. */
  readonly whyUnaddressed?: string;
  /** The address in the release before the newest, where its own pod template holds it; absent where that is not told. */
  readonly before?: string;
  /** What it says beside the address about how it is loaded, as far as that must go back with it. */
  readonly settings: ServerSettings;
  /** Addresses of what really answers requests, read from ready pods or the split of traffic, never from what was asked for. */
  readonly serving: readonly string[];
  readonly registry: RegistryEvidence;
  /** The request that tells whether it really serves, where it is written on the server itself; null where none is. */
  readonly golden: Reading<GoldenRequest | null>;
  /** What Paramedic itself saw of the model; null where it has seen nothing of it yet. */
  readonly record: Reading<ModelRecord | null>;
}

/** A server of models, what keeps its pods, and its model. */
export interface ModelServerEvidence {
  readonly kind: ModelServerKind;
  readonly uid: string;
  readonly generation: number;
  /** By its own word, which alone is no health. */
  readonly ready: boolean;
  readonly served: ServedModel;
  readonly loading: ModelLoading | null;
  /** Null until its controller has made it, and where it is hosted and shows no pods. */
  readonly workload: WorkloadEvidence | null;
  /** What says that a person has stopped it, as the end of a sentence; absent where nobody has. */
  readonly stoppedBy?: string;
  /** Why requests do not all go to what is wanted, such as a canary that is not promoted, as a sentence; null where they do. */
  readonly traffic: string | null;
}

export type Evidence = WorkloadEvidence | ModelServerEvidence | PipelineEvidence;

/** The workload whose pods serve; null where nothing serves. */
export function servingWorkload(evidence: Evidence): WorkloadEvidence | null {
  switch (evidence.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return evidence;
    default:
      return isRun(evidence) ? null : evidence.workload;
  }
}

/** The model that it serves; null where it serves none. */
export function servedModel(evidence: Evidence): ServedModel | null {
  return isRun(evidence) ? null : evidence.served;
}

/** It is there to run to an end. */
export function isRun(evidence: Evidence): evidence is PipelineEvidence {
  return isPipelineKind(evidence.kind);
}

export function isWorkload(evidence: Evidence): evidence is WorkloadEvidence {
  return isWorkloadKind(evidence.kind);
}

/** How many pods of the target are ready, whatever its kind. Those of a run come and go, and none is missed. */
export function readyPods(evidence: Evidence): number {
  return servingWorkload(evidence)?.pods.filter((pod) => pod.ready).length ?? 0;
}
