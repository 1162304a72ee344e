import { describe, expect, it } from '@jest/globals';
import type { Named } from '../../clients/cluster.ts';
import { readSubject, resolveTarget, subjectOf } from '../../gateway/resolve-target.ts';
import type { Alert } from '../../incident/alert.ts';

const alertOf = (labels: Readonly<Record<string, string>>): Alert => ({
  name: 'Failed',
  status: 'firing',
  fingerprint: 'a1',
  labels,
  annotations: {},
  startsAt: undefined,
  series: undefined,
});
async function resolve(labels: Readonly<Record<string, string>>, owner: Named | null, asked: unknown[] = []) {
  const subject = readSubject(alertOf(labels));
  if ('unknown' in subject) return subject;
  return resolveTarget(subject, 'prod', {
    async topmostOwner(...what) {
      asked.push(what);
      return owner;
    },
  });
}

describe('the target of an alert', () => {
  it.each([
    ['dag_id', 'Daily_ETL.v2', 'AirflowDag', null],
    ['clearml_task', '0123456789abcdef0123456789abcdef', 'ClearmlTask', null],
    ['pipeline_run_id', '0b1f9c9e-7e0f-4a53-8c3e-1f1f9a1d2c3b', 'KubeflowRun', null],
    ['recurring_run_id', '0b1f9c9e-7e0f-4a53-8c3e-1f1f9a1d2c3b', 'KubeflowRecurringRun', null],
    ['workflow_name', 'etl-x7k', 'Workflow', 'ml'],
    ['workflow', 'etl-x7k', 'Workflow', 'ml'],
    ['cronworkflow', 'etl', 'CronWorkflow', 'ml'],
    ['cron_workflow', 'etl', 'CronWorkflow', 'ml'],
    ['llminferenceservice', 'llama', 'LLMInferenceService', 'ml'],
    ['rollout', 'churn', 'Rollout', 'ml'],
    ['seldon_model', 'churn', 'SeldonModel', 'ml'],
    ['trainjob', 'llm', 'TrainJob', 'ml'],
    ['pytorchjob', 'llm', 'PyTorchJob', 'ml'],
    ['endpoint_id', '4711', 'VertexEndpoint', null],
    ['delivery_target', 'churn.prod', 'DeliveryPipeline', null],
    ['pipeline_job_id', 'train-1', 'VertexPipelineJob', null],
  ])('is told by the label %s', (label, name, kind, namespace) => {
    expect(subjectOf(alertOf({ namespace: 'ml', [label]: name }))).toEqual({ namespace, kind, name });
  });

  it('is a delivery pipeline with what it delivers to, in one label or in two', () => {
    const subject = { namespace: null, kind: 'DeliveryPipeline', name: 'churn.prod' };
    expect(subjectOf(alertOf({ delivery_pipeline: 'churn', target_id: 'prod' }))).toEqual(subject);
    expect(subjectOf(alertOf({ delivery_pipeline: 'other', target_id: 'dev', delivery_target: 'churn.prod' }))).toEqual(subject);
    expect(subjectOf(alertOf({ delivery_pipeline: 'churn' }))).toBeNull();
  });

  it('needs no namespace where it is no object of Kubernetes, and has the word for its system instead', async () => {
    const asked: unknown[] = [];
    const owner = { kind: 'AirflowDag', name: 'Daily_ETL', namespace: 'airflow' } as const;
    expect(await resolve({ dag_id: 'Daily_ETL' }, owner, asked)).toEqual({ target: { cluster: 'prod', ...owner } });
    expect(asked).toEqual([[null, 'AirflowDag', 'Daily_ETL']]);
  });

  it('is not made up of the namespace label where its system has a word of its own', async () => {
    const owner = { kind: 'AirflowDag', name: 'etl', namespace: 'airflow' } as const;
    expect(await resolve({ namespace: 'monitoring', dag_id: 'etl' }, owner)).toMatchObject({ target: { namespace: 'airflow' } });
  });

  it('is unknown where its system is not configured', async () => {
    expect(await resolve({ dag_id: 'etl' }, null)).toEqual({
      unknown: 'AirflowDag etl does not exist, or its system is not configured; see docs/systems.',
    });
  });

  it.each(['..', '.', '../pools', 'a/b', '~', '-x', 'a b', ''])('is not asked for by the name %j', async (name) => {
    const asked: unknown[] = [];
    expect(await resolve({ dag_id: name }, { kind: 'AirflowDag', name: 'etl', namespace: 'airflow' }, asked)).toHaveProperty('unknown');
    expect(asked).toEqual([]);
  });

  it('needs a namespace where it is an object of Kubernetes', async () => {
    expect(await resolve({ trainjob: 'llm' }, null)).toEqual({ unknown: 'The alert has no namespace label.' });
  });
});
