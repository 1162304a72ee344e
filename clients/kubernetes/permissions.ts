/** Something the worker does to a kind of resource; `deploy/kubernetes/rbac.yaml` grants exactly these. */
export interface Permission {
  /** The API group; empty for the core one. */
  readonly group: string;
  /** With its subresource, such as `pods/eviction`. */
  readonly resource: string;
  readonly verbs: readonly ('get' | 'list' | 'watch' | 'patch' | 'create' | 'update' | 'delete')[];
  /** Where it is needed in one namespace alone: that of Paramedic itself. */
  readonly inOwnNamespace?: true;
  /** What is not possible without it, as the end of a sentence. */
  readonly without: string;
}

const LOOK = ['get', 'list', 'watch'] as const;

/** All that the shipped runbooks need, and no more. */
export const PERMISSIONS: readonly Permission[] = [
  { group: 'apps', resource: 'deployments', verbs: LOOK, without: 'no Deployment can be diagnosed' },
  { group: 'apps', resource: 'replicasets', verbs: LOOK, without: 'releases cannot be told apart' },
  {
    group: 'apps',
    resource: 'statefulsets',
    verbs: LOOK,
    without: 'no StatefulSet can be diagnosed, and how much of a namespace is disrupted cannot be told',
  },
  {
    group: 'apps',
    resource: 'daemonsets',
    verbs: LOOK,
    without: 'no DaemonSet can be diagnosed, and how much of a namespace is disrupted cannot be told',
  },
  {
    group: 'apps',
    resource: 'controllerrevisions',
    verbs: ['get', 'list'],
    without: 'releases of StatefulSets and DaemonSets cannot be told apart',
  },
  { group: '', resource: 'pods', verbs: LOOK, without: 'no failing pod can be seen' },
  { group: '', resource: 'pods/log', verbs: ['get'], without: 'logs are missing from the evidence' },
  { group: '', resource: 'pods/proxy', verbs: ['get', 'create'], without: 'no model server can be sent a golden request' },
  { group: '', resource: 'events', verbs: LOOK, without: 'events are missing from the evidence' },
  { group: '', resource: 'namespaces', verbs: LOOK, without: 'what a namespace opted out of cannot be read' },
  {
    group: '',
    resource: 'nodes',
    verbs: LOOK,
    without: 'whether a node is at fault, and whether a pod finds room, cannot be told',
  },
  { group: '', resource: 'configmaps', verbs: ['get'], without: 'whether a ConfigMap is missing or was changed cannot be told' },
  { group: '', resource: 'serviceaccounts', verbs: ['get'], without: 'whether a ServiceAccount is missing cannot be told' },
  { group: '', resource: 'persistentvolumeclaims', verbs: LOOK, without: 'which volume a pod waits for cannot be told' },
  { group: '', resource: 'limitranges', verbs: ['list'], without: 'no memory limit can be raised' },
  { group: 'serving.kserve.io', resource: 'inferenceservices', verbs: LOOK, without: 'no model server can be diagnosed' },
  {
    group: 'serving.kserve.io',
    resource: 'llminferenceservices',
    verbs: ['get', 'list'],
    without: 'no LLMInferenceService can be diagnosed, and how much of a namespace is disrupted cannot be told',
  },
  {
    group: 'argoproj.io',
    resource: 'rollouts',
    verbs: ['get', 'list'],
    without: 'no Rollout can be diagnosed, and how much of a namespace is disrupted cannot be told',
  },
  {
    group: 'mlops.seldon.io',
    resource: 'models',
    verbs: ['get', 'list'],
    without: 'no Model of Seldon can be diagnosed, and how much of a namespace is disrupted cannot be told',
  },
  { group: 'batch', resource: 'jobs', verbs: LOOK, without: 'no failed run, and nothing that failed upstream of a model, can be told' },
  { group: 'batch', resource: 'cronjobs', verbs: LOOK, without: 'no schedule can be looked at' },
  {
    group: 'batch',
    resource: 'jobs',
    verbs: ['create', 'delete'],
    without: 'no failed run can be tried again, or taken back, and no training started',
  },
  { group: 'batch', resource: 'cronjobs', verbs: ['patch'], without: 'no schedule can be suspended' },
  { group: 'trainer.kubeflow.org', resource: 'trainjobs', verbs: LOOK, without: 'no TrainJob can be diagnosed' },
  { group: 'jobset.x-k8s.io', resource: 'jobsets', verbs: ['get'], without: 'whose pods those of a TrainJob are cannot be told' },
  { group: 'kubeflow.org', resource: 'pytorchjobs', verbs: LOOK, without: 'no PyTorchJob can be diagnosed' },
  {
    group: 'argoproj.io',
    resource: 'workflows',
    verbs: LOOK,
    without: 'no Workflow, and no failed run of a CronWorkflow, can be diagnosed',
  },
  { group: 'argoproj.io', resource: 'cronworkflows', verbs: ['get', 'list'], without: 'no CronWorkflow can be looked at' },
  {
    group: 'trainer.kubeflow.org',
    resource: 'trainjobs',
    verbs: ['create', 'delete'],
    without: 'no failed TrainJob can be run once more, or that be taken back',
  },
  {
    group: 'kubeflow.org',
    resource: 'pytorchjobs',
    verbs: ['create', 'delete'],
    without: 'no failed PyTorchJob can be run once more, or that be taken back',
  },
  {
    group: 'argoproj.io',
    resource: 'workflows',
    verbs: ['create', 'delete', 'patch'],
    without: 'no failed Workflow can be run once more, taken back, or marked as retried',
  },
  { group: 'argoproj.io', resource: 'cronworkflows', verbs: ['patch'], without: 'no CronWorkflow can be suspended' },
  {
    group: 'autoscaling',
    resource: 'horizontalpodautoscalers',
    verbs: LOOK,
    without: 'whether an autoscaler is at its bound cannot be told',
  },
  { group: 'keda.sh', resource: 'scaledobjects', verbs: ['get', 'list'], without: 'what KEDA scales cannot be told' },
  { group: 'autoscaling.k8s.io', resource: 'verticalpodautoscalers', verbs: ['list'], without: 'no memory limit can be raised' },
  { group: '', resource: 'resourcequotas', verbs: ['list'], without: 'no memory limit can be raised, and nothing scaled' },
  { group: 'policy', resource: 'poddisruptionbudgets', verbs: ['list'], without: 'how many pods budgets want there cannot be told' },
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['patch'],
    without: 'no release can be undone, no model version put back, no memory limit raised and nothing scaled',
  },
  {
    group: 'apps',
    resource: 'statefulsets',
    verbs: ['patch'],
    without: 'no release of a StatefulSet can be undone, and no memory limit of one raised',
  },
  {
    group: 'apps',
    resource: 'daemonsets',
    verbs: ['patch'],
    without: 'no release of a DaemonSet can be undone, and no memory limit of one raised',
  },
  {
    group: 'serving.kserve.io',
    resource: 'inferenceservices',
    verbs: ['patch'],
    without: 'no model can be rolled back and no model server scaled',
  },
  {
    group: 'serving.kserve.io',
    resource: 'llminferenceservices',
    verbs: ['patch'],
    without: 'no model of an LLMInferenceService can be rolled back',
  },
  { group: 'argoproj.io', resource: 'rollouts', verbs: ['patch'], without: 'no release and no model of a Rollout can be rolled back' },
  {
    group: 'argoproj.io',
    resource: 'rollouts/status',
    verbs: ['patch'],
    without: 'a Rollout that is under way is not ended before it is taken back, and one that goes back takes all steps of a new release',
  },
  { group: 'mlops.seldon.io', resource: 'models', verbs: ['patch'], without: 'no model of Seldon can be rolled back' },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['patch'], without: 'no autoscaler can be given more pods' },
  { group: 'keda.sh', resource: 'scaledobjects', verbs: ['patch'], without: 'KEDA can be given no more pods' },
  { group: '', resource: 'services', verbs: ['get', 'list'], without: 'whether a path leads to a target cannot be told' },
  {
    group: 'discovery.k8s.io',
    resource: 'endpointslices',
    verbs: ['list'],
    without: 'whether anybody answers behind a Service cannot be told',
  },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['get', 'list'], without: 'no policy that cuts a path can be named' },
  {
    group: 'networking.k8s.io',
    resource: 'ingresses',
    verbs: ['list'],
    without: 'certificates of Ingresses are missing from the evidence',
  },
  {
    group: 'cert-manager.io',
    resource: 'certificates',
    verbs: ['list'],
    without:
      'when a certificate ends is known only from who met it; Secrets are never read, since their private keys would be read with them',
  },
  {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    verbs: ['delete', 'create'],
    without: 'no policy that cuts a path can be taken away, or made again as it was',
  },
  { group: '', resource: 'pods/eviction', verbs: ['create'], without: 'no failing pod can be restarted' },
  { group: '', resource: 'nodes', verbs: ['patch'], without: 'no bad node can be cordoned' },
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'create', 'update'],
    inOwnNamespace: true,
    without: '"paramedic watch" cannot tell whether another one watches, and so does not',
  },
  { group: '', resource: 'events', verbs: ['create'], without: 'actions are not shown as Events on the target' },
];
