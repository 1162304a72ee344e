import type { KubeflowDouble, KubeflowRecurringRunKept, KubeflowRunKept } from './double.ts';

export const RUN_ID = '0b1f9c9e-7e0f-4a53-8c3e-1f1f9a1d2c3b';
export const RECURRING_ID = '7c1de2aa-35b1-4a0e-9d41-3b0a52c0f001';

const ENDED = '2026-03-02T11:05:00Z';

/** A run that failed, and that a recurring run made where one is named. */
export function failedRun(change: Partial<KubeflowRunKept> = {}): KubeflowRunKept {
  return {
    run_id: RUN_ID,
    display_name: 'churn nightly',
    experiment_id: 'exp-1',
    state: 'FAILED',
    created_at: '2026-03-02T11:00:00Z',
    finished_at: ENDED,
    error: { code: 2, message: 'The workflow failed.' },
    state_history: [
      { state: 'RUNNING', update_time: '2026-03-02T11:00:01Z' },
      { state: 'FAILED', update_time: ENDED },
    ],
    pipeline_version_reference: { pipeline_id: 'pipeline-1', pipeline_version_id: 'version-7' },
    runtime_config: { parameters: { day: '2026-03-02' }, pipeline_root: 's3://churn/runs' },
    service_account: 'pipeline-runner',
    run_details: {
      task_details: [
        { run_id: RUN_ID, task_id: 't1', display_name: 'extract', state: 'SUCCEEDED' },
        { run_id: RUN_ID, task_id: 't2', display_name: 'train', state: 'FAILED', error: { code: 2, message: 'Connection reset by peer' } },
      ],
    },
    ...change,
  };
}

export function recurringRun(change: Partial<KubeflowRecurringRunKept> = {}): KubeflowRecurringRunKept {
  return {
    recurring_run_id: RECURRING_ID,
    display_name: 'churn nightly',
    experiment_id: 'exp-1',
    status: 'ENABLED',
    max_concurrency: '1',
    trigger: { cron_schedule: { cron: '0 0 3 * * *' } },
    ...change,
  };
}

/** Holds a recurring run with one run of it that failed. */
export function holdRecurring({ runs, recurringRuns }: KubeflowDouble): KubeflowRunKept {
  const run = failedRun({ recurring_run_id: RECURRING_ID });
  runs.set(RUN_ID, run);
  recurringRuns.set(RECURRING_ID, recurringRun());
  return run;
}
