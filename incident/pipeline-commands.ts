import type { PipelineKind } from './target.ts';

/** What a person runs to look at a pipeline, by kind, with the name of the target as one word to a shell. */
type Commands = (name: string, namespace: string) => readonly string[];

/** Those whose own program says more than `kubectl describe`, or that are no objects of Kubernetes at all. */
export const PIPELINE_COMMANDS: Partial<Readonly<Record<PipelineKind, Commands>>> = {
  TrainJob: (name, namespace) => [
    `kubectl -n ${namespace} get jobset/${name} -o wide`,
    `kubectl -n ${namespace} logs -l jobset.sigs.k8s.io/jobset-name=${name} --all-containers --tail=100 --prefix`,
  ],
  PyTorchJob: (name, namespace) => [
    `kubectl -n ${namespace} logs -l training.kubeflow.org/job-name=${name} --all-containers --tail=100 --prefix`,
  ],
  Workflow: (name, namespace) => [
    `argo -n ${namespace} get ${name}`,
    `argo -n ${namespace} logs ${name} --tail=100`,
    `argo -n ${namespace} retry ${name}`,
  ],
  CronWorkflow: (name, namespace) => [
    `argo -n ${namespace} cron get ${name}`,
    `argo -n ${namespace} list -l workflows.argoproj.io/cron-workflow=${name}`,
    `argo -n ${namespace} cron resume ${name}`,
  ],
  AirflowDag: (name) => [
    `airflow dags list-runs ${name}`,
    `airflow tasks states-for-dag-run ${name} RUN_ID`,
    `airflow tasks clear ${name} --only-failed --start-date DAY --end-date DAY`,
    `airflow dags unpause ${name}`,
  ],
  KubeflowRun: (name) => [`kfp run get ${name}`],
  KubeflowRecurringRun: (name) => [`kfp recurring get ${name}`, `kfp recurring enable ${name}`],
};
