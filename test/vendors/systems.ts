/** A system that Paramedic speaks to, and the tests that show that it does. */
export interface TriedSystem {
  /** As people call it. */
  readonly name: string;
  /**
   * Against the system itself; against a double that the vendor's own package takes for it, which also asks what we ask; or, of objects of
   * Kubernetes, as their makers define them, with a status that the test writes in their controller's stead.
   */
  readonly tried: 'for real' | 'by contract' | 'by definition';
  /** Its tests: files, or folders that end with `/`, from the checkout's root; of a file that tests more, the titles that are about it. */
  readonly tests: readonly (string | { readonly file: string; readonly titles: RegExp })[];
}

/** One line for each system, in the order in which they are told. */
export const SYSTEMS: readonly TriedSystem[] = [
  { name: 'MLflow', tried: 'for real', tests: [{ file: 'test/clients/model-platform.test.ts', titles: /^(the MLflow|a) registry/ }] },
  {
    name: 'MLflow basic-auth',
    tried: 'for real',
    tests: [{ file: 'test/sandbox/python-servers.test.ts', titles: /^the MLflow registry with authentication/ }],
  },
  { name: 'KServe', tried: 'for real', tests: [{ file: 'test/clients/model-platform.test.ts', titles: /^an InferenceService/ }] },
  {
    name: 'Kubeflow Trainer',
    tried: 'for real',
    tests: [{ file: 'test/clients/pipelines-training.test.ts', titles: /TrainJob|JobSet/ }],
  },
  {
    name: 'PyTorchJob',
    tried: 'for real',
    tests: [{ file: 'test/clients/pipelines-training.test.ts', titles: /PyTorchJob/ }, 'test/clients/pipelines/training.test.ts'],
  },
  { name: 'Deployments', tried: 'for real', tests: [{ file: 'test/clients/model-servers.test.ts', titles: /^a Deployment that says/ }] },
  {
    name: 'KServe on Knative',
    tried: 'by definition',
    tests: [{ file: 'test/clients/model-servers.test.ts', titles: /^an InferenceService that/ }],
  },
  {
    name: 'LLMInferenceService',
    tried: 'by definition',
    tests: [{ file: 'test/clients/model-servers.test.ts', titles: /^an LLMInferenceService/ }],
  },
  { name: 'Argo Rollouts', tried: 'by definition', tests: [{ file: 'test/clients/model-servers.test.ts', titles: /^a Rollout/ }] },
  { name: 'Seldon', tried: 'by definition', tests: [{ file: 'test/clients/model-servers.test.ts', titles: /^a Model of Seldon/ }] },
  {
    name: 'Slack',
    tried: 'by contract',
    tests: ['test/clients/slack/', 'test/gateway/slack-clicks.test.ts', 'test/gateway/slack.test.ts'],
  },
  {
    name: 'Argo Workflows',
    tried: 'for real',
    tests: [
      'test/clients/pipelines-argo.test.ts',
      'test/clients/pipelines/argo-server.test.ts',
      'test/clients/pipelines/argo-workflows.test.ts',
    ],
  },
  { name: 'Weights & Biases', tried: 'by contract', tests: ['test/vendors/wandb/', 'test/clients/registries/wandb.test.ts'] },
  {
    name: 'Airflow',
    tried: 'for real',
    tests: [{ file: 'test/sandbox/python-servers.test.ts', titles: /^a DAG of Airflow/ }, 'test/clients/pipelines/airflow.test.ts'],
  },
  {
    name: 'Kubeflow Pipelines',
    tried: 'by contract',
    tests: ['test/vendors/kubeflow-pipelines/', 'test/clients/pipelines/kubeflow-pipelines.test.ts'],
  },
  {
    name: 'ClearML',
    tried: 'by contract',
    tests: ['test/vendors/clearml/', 'test/clients/registries/clearml.test.ts', 'test/clients/pipelines/clearml-tasks.test.ts'],
  },
  {
    name: 'Vertex AI',
    tried: 'by contract',
    tests: [
      'test/vendors/vertex/',
      'test/clients/google-call.test.ts',
      'test/clients/registries/vertex.test.ts',
      'test/clients/serving/vertex-endpoints.test.ts',
      'test/clients/pipelines/vertex-pipelines.test.ts',
    ],
  },
  { name: 'Cloud Deploy', tried: 'by contract', tests: ['test/vendors/cloud-deploy/', 'test/clients/serving/cloud-deploy.test.ts'] },
];
