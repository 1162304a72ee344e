/** Objects as the API server sends them, well ones; what a test makes ill it writes over. */
export const NOW = Date.parse('2026-11-29T12:00:00Z');

/** A moment so many seconds before now, as the API writes it. */
export function ago(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

type Json = Readonly<Record<string, unknown>>;

const owner = (kind: string, name: string, uid = `uid-${name}`) => ({
  apiVersion: 'x/v1',
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

export function metadataOf(name: string, more: Json = {}): Json {
  return {
    name,
    namespace: 'ml',
    uid: `uid-${name}`,
    resourceVersion: '1042',
    generation: 3,
    creationTimestamp: ago(86_400),
    managedFields: [
      { manager: 'kubectl', operation: 'Update', apiVersion: 'v1', time: ago(86_400), fieldsType: 'FieldsV1', fieldsV1: {} },
      {
        manager: 'kubelet',
        operation: 'Update',
        apiVersion: 'v1',
        time: ago(3_000),
        fieldsType: 'FieldsV1',
        fieldsV1: {},
        subresource: 'status',
      },
    ],
    ...more,
  };
}

export function container(more: Json = {}): Json {
  return {
    name: 'main',
    image: 'registry.example/ranker:1',
    imageID: 'registry.example/ranker@sha256:0',
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: ago(80_000) } },
    lastState: {},
    ...more,
  };
}

/** Of an end that took place so many seconds ago, after so many of running. */
export function ended(secondsAgo: number, ranSeconds: number, more: Json = {}): Json {
  const times = { startedAt: ago(secondsAgo + ranSeconds), finishedAt: ago(secondsAgo) };
  return { terminated: { exitCode: 1, reason: 'Error', containerID: 'containerd://0', ...times, ...more } };
}

/** @param readySince seconds since it is ready, or with a minus since it is not */
export function pod(containers: readonly Json[] = [container()], readySince = 80_000, more: { metadata?: Json; status?: Json } = {}): Json {
  const isReady = readySince >= 0;
  const conditions = [
    { type: 'PodReadyToStartContainers', status: 'True', lastProbeTime: null, lastTransitionTime: ago(86_000) },
    { type: 'Initialized', status: 'True', lastProbeTime: null, lastTransitionTime: ago(86_000) },
    {
      type: 'Ready',
      status: isReady ? 'True' : 'False',
      lastProbeTime: null,
      lastTransitionTime: ago(Math.abs(readySince)),
      ...(isReady ? {} : { reason: 'ContainersNotReady', message: 'containers with unready status: [main]' }),
    },
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: ago(86_000) },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf('ranker-7c9-x1', { ownerReferences: [owner('ReplicaSet', 'ranker-7c9')], ...more.metadata }),
    spec: { containers: [{ name: 'main', image: 'registry.example/ranker:1' }], nodeName: 'node-1', restartPolicy: 'Always' },
    status: { phase: 'Running', startTime: ago(86_000), conditions, containerStatuses: containers, ...more.status },
  };
}

export function deployment(status: Json = {}, spec: Json = {}): Json {
  const conditions = [
    {
      type: 'Available',
      status: 'True',
      reason: 'MinimumReplicasAvailable',
      message: '',
      lastTransitionTime: ago(9_000),
      lastUpdateTime: ago(9_000),
    },
    {
      type: 'Progressing',
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: '',
      lastTransitionTime: ago(9_000),
      lastUpdateTime: ago(9_000),
    },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf('ranker'),
    spec: { replicas: 3, ...spec },
    status: { observedGeneration: 3, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3, conditions, ...status },
  };
}

export function statefulSet(status: Json = {}, spec: Json = {}): Json {
  const revisions = { currentRevision: 'db-1', updateRevision: 'db-1' };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadataOf('db'),
    spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, ...spec },
    status: {
      observedGeneration: 3,
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      ...revisions,
      ...status,
    },
  };
}

export function daemonSet(status: Json = {}): Json {
  const counts = { currentNumberScheduled: 4, desiredNumberScheduled: 4, numberAvailable: 4, numberMisscheduled: 0, numberReady: 4 };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadataOf('agent'),
    spec: {},
    status: { observedGeneration: 3, updatedNumberScheduled: 4, ...counts, ...status },
  };
}

/** A run that ended so many seconds ago. */
export function run(kind: string, condition: 'Complete' | 'Failed' | 'Succeeded' | null, endedAgo: number, metadata: Json = {}): Json {
  const told = {
    type: condition,
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
    lastTransitionTime: ago(endedAgo),
  };
  return {
    apiVersion: 'x/v1',
    kind,
    metadata: metadataOf('train', metadata),
    spec: {},
    status: { startTime: ago(endedAgo + 60), conditions: condition ? [told] : [] },
  };
}

export const ofCronJob = (name: string) => ({ ownerReferences: [owner('CronJob', name)] });
export const ofJobSet = (name: string) => ({ ownerReferences: [owner('JobSet', name)] });
export const ofJob = (name: string) => ({ ownerReferences: [owner('Job', name)] });

export function workflow(phase: string, endedAgo: number, spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: metadataOf('etl', metadata),
    spec: { entrypoint: 'main', templates: [], ...spec },
    status: { phase, startedAt: ago(endedAgo + 60), finishedAt: phase === 'Running' ? null : ago(endedAgo), message: 'child failed' },
  };
}

export function node(more: readonly Json[] = []): Json {
  const condition = (type: string, status: string, seconds: number) => ({
    type,
    status,
    reason: 'x',
    message: '',
    lastHeartbeatTime: ago(10),
    lastTransitionTime: ago(seconds),
  });
  const own = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => condition(type, 'False', 86_000));
  const all = [...own, condition('Ready', 'True', 86_000)].filter(({ type }) => !more.some((one) => one.type === type));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadataOf('node-1', { namespace: undefined }),
    spec: {},
    status: { conditions: [...all, ...more] },
  };
}

export function autoscaler(limited: Json): Json {
  const conditions = [
    { type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: '', lastTransitionTime: ago(5_000), ...limited },
  ];
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadataOf('ranker'),
    spec: { maxReplicas: 5, minReplicas: 1, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'ranker' } },
    status: { currentReplicas: 5, desiredReplicas: 5, conditions },
  };
}

export function claim(phase: string): Json {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: metadataOf('data'), spec: {}, status: { phase } };
}

export function inferenceService(status: 'True' | 'False' | 'Unknown', seconds: number, metadata: Json = {}): Json {
  const ready = { type: 'Ready', status, reason: 'PredictorNotReady', message: 'no predictor', lastTransitionTime: ago(seconds) };
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: metadataOf('churn', metadata),
    spec: {},
    status: { conditions: [ready] },
  };
}
