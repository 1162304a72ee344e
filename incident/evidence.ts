/** One container as its pod's status tells it. */
export interface ContainerSeen {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Reason it waits, such as `CrashLoopBackOff` or `ImagePullBackOff`; null when it runs. */
  readonly waiting: string | null;
  readonly lastExit: { readonly reason: string; readonly code: number } | null;
  /** Mebibytes; null where there is no limit. */
  readonly memoryLimitMi: number | null;
}

export interface PodSeen {
  readonly name: string;
  readonly uid: string;
  /** The pod-template-hash: which release the pod belongs to. */
  readonly release: string;
  readonly ready: boolean;
  readonly containers: readonly ContainerSeen[];
}

/** A Deployment and its pods as the API server showed them at one moment. */
export interface Evidence {
  readonly generation: number;
  /** The Deployment controller has seen the newest spec. */
  readonly observed: boolean;
  readonly replicasWanted: number;
  readonly replicasReady: number;
  readonly replicasUpdated: number;
  readonly paused: boolean;
  /** Pod-template-hash of the newest release, null before its ReplicaSet exists. */
  readonly release: string | null;
  /** The release before the newest, null when history holds none. */
  readonly previousRelease: string | null;
  readonly pods: readonly PodSeen[];
}
