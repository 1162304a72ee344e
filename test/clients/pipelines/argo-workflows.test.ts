import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { runOfCronWorkflow, runOfWorkflow } from '../../../clients/pipelines/argo-run.ts';
import { cronWorkflowOf, runOf, scheduleOf, workflowOf } from '../../../clients/pipelines/argo-seen.ts';

const container = (memory: string) => ({ image: 'train:1', resources: { limits: { memory, 'nvidia.com/gpu': 1 } } });
const templates = [
  { name: 'main', steps: [[{ name: 'train', template: 'train' }]] },
  { name: 'train', container: container('1Gi') },
  { name: 'report', script: { ...container('64Mi'), source: 'print()' } },
];
const node = (change: object) => ({
  name: 'etl.train',
  displayName: 'train',
  type: 'Pod',
  templateName: 'train',
  phase: 'Failed',
  ...change,
});

function workflow(spec: object = {}, status: object = {}) {
  return {
    metadata: {
      name: 'etl-x1',
      uid: 'u1',
      generation: 9,
      creationTimestamp: '2026-03-02T11:00:00Z',
      labels: { team: 'ranking', 'workflows.argoproj.io/phase': 'Failed', 'workflows.argoproj.io/completed': 'true', 'helm.sh/chart': 'x' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    spec: { entrypoint: 'main', templates, ...spec },
    status: { phase: 'Failed', startedAt: '2026-03-02T11:00:01Z', finishedAt: '2026-03-02T11:05:00Z', ...status },
  };
}
const seen = (spec: object = {}, status: object = {}) => runOf(workflowOf(workflow(spec, status)), true);

describe('a Workflow', () => {
  it('says what its failed steps said, and how many there were', () => {
    const nodes = { a: node({ message: 'Error (exit code 1)' }), b: node({ phase: 'Succeeded', name: 'etl.load' }) };
    expect(seen({}, { message: 'child failed', nodes })).toMatchObject({
      state: 'failed',
      message: 'child failed\ntrain: Error (exit code 1)',
      failed: 1,
      succeeded: 1,
      outOfMemory: false,
      endedMs: Date.parse('2026-03-02T11:05:00Z'),
      memory: { train: { limit: '1Gi', request: null }, report: { limit: '64Mi', request: null } },
    });
  });

  it('tells by the word for its step that memory was short, also where its nodes are compressed', () => {
    const nodes = { a: node({ message: 'OOMKilled (exit code 137)' }) };
    const compressedNodes = gzipSync(JSON.stringify(nodes)).toString('base64');
    expect([seen({}, { nodes }).outOfMemory, seen({}, { compressedNodes }).outOfMemory]).toEqual([true, true]);
  });

  it.each<[string, object, string]>([
    ['itself', { message: 'Max duration limit exceeded' }, 'DeadlineExceeded'],
    ['its step', { nodes: { a: node({ message: 'Step exceeded its deadline' }) } }, 'DeadlineExceeded'],
    [
      'the kubelet',
      { nodes: { a: node({ message: 'Pod was active on the node longer than the specified deadline' }) } },
      'DeadlineExceeded',
    ],
    [
      'one of two steps alone',
      { nodes: { a: node({ message: 'Step exceeded its deadline' }), b: node({ message: 'Error (exit code 1)' }) } },
      'Failed',
    ],
  ])('tells that it was ended at its deadline where %s says so, unless it failed otherwise, too', (_who, status, reason) => {
    expect(seen({}, status).reason).toBe(reason);
  });

  it.each<[string, object, object, string]>([
    ['nothing is said yet', {}, { phase: '' }, 'running'],
    ['it runs', {}, { phase: 'Running' }, 'running'],
    ['it is suspended', { suspend: true }, { phase: 'Running' }, 'suspended'],
    ['a step waits for a person', {}, { phase: 'Running', nodes: { a: node({ type: 'Suspend', phase: 'Running' }) } }, 'suspended'],
    ['somebody terminated it', { shutdown: 'Terminate' }, { phase: 'Failed' }, 'stopped'],
    ['it erred', {}, { phase: 'Error' }, 'failed'],
    ['it succeeded', {}, { phase: 'Succeeded' }, 'completed'],
  ])('where %s is told so', (_case, spec, status, state) => {
    expect(seen(spec, status).state).toBe(state);
  });

  it('does not wait for a person where its step goes on by itself', () => {
    const wait = { templates: [{ name: 'pause', suspend: { duration: '60s' } }] };
    const nodes = { a: node({ type: 'Suspend', phase: 'Running', templateName: 'pause' }) };
    expect(seen(wait, { phase: 'Running', nodes }).state).toBe('running');
  });

  it('is made anew with marks of ours, none of the former run, and only the memory changed', () => {
    const made = runOfWorkflow(
      workflow({ shutdown: 'Stop' }),
      { name: 'etl-x1-retry-1', memory: { train: { limit: '2048Mi', request: null } } },
      'k1',
    );
    expect(made.metadata).toEqual({
      name: 'etl-x1-retry-1',
      labels: { team: 'ranking', 'paramedic.dev/retry-of-uid': 'u1', 'workflows.argoproj.io/resubmitted-from-workflow': 'etl-x1' },
      annotations: { 'paramedic.dev/retry-of': 'etl-x1', 'paramedic.dev/last-action': 'k1' },
    });
    const [main, train, report] = templates;
    const resources = { limits: { memory: '2048Mi', 'nvidia.com/gpu': 1 } };
    expect(made.spec).toEqual({ entrypoint: 'main', templates: [main, { ...train, container: { image: 'train:1', resources } }, report] });
  });

  it('is made anew of what its WorkflowTemplate said when it began, where that must be otherwise', () => {
    const spec = { templates: undefined, workflowTemplateRef: { name: 'etl' } };
    const source = workflow(spec, { storedWorkflowTemplateSpec: { entrypoint: 'main', templates, workflowTemplateRef: { name: 'etl' } } });
    const memory = { train: { limit: '2048Mi', request: null } };
    const made = runOfWorkflow(source, { name: 'r', memory }, 'k1').spec as { templates: { container?: { resources: unknown } }[] };
    expect(made).not.toHaveProperty('workflowTemplateRef');
    expect(made.templates[1]?.container?.resources).toMatchObject({ limits: { memory: '2048Mi' } });
    expect(runOfWorkflow(source, { name: 'r', memory: {} }, 'k1').spec).toMatchObject({ workflowTemplateRef: { name: 'etl' } });
  });
});

describe('a CronWorkflow', () => {
  const cron = (change: object = {}, annotations = {}) => ({
    metadata: { ...workflow().metadata, name: 'etl', annotations, labels: { 'workflows.argoproj.io/controller-instanceid': 'blue' } },
    spec: {
      schedules: ['0 3 * * *'],
      workflowSpec: { entrypoint: 'main', templates },
      workflowMetadata: { labels: { team: 'ranking' } },
      ...change,
    },
    status: { lastScheduledTime: '2026-03-02T03:00:00Z' },
  });

  it('tells its schedule, and who suspended it', () => {
    const by = (change: object, annotations = {}) => scheduleOf(cronWorkflowOf(cron(change, annotations)));
    expect(by({})).toEqual({ cron: '0 3 * * *', suspendedBy: null, concurrency: 'Allow', lastMs: Date.parse('2026-03-02T03:00:00Z') });
    expect(by({ suspend: true }).suspendedBy).toBe('person');
    expect(by({ suspend: true }, { 'paramedic.dev/suspended-by': 'k1' }).suspendedBy).toBe('paramedic');
  });

  it('is run once more by a Workflow that it owns, for the controller that is its own', () => {
    const made = runOfCronWorkflow(cron(), { name: 'etl-retry-1', memory: {} }, 'k1');
    expect(made.metadata).toMatchObject({
      labels: { team: 'ranking', 'workflows.argoproj.io/cron-workflow': 'etl', 'workflows.argoproj.io/controller-instanceid': 'blue' },
      annotations: { 'paramedic.dev/retry-of': 'etl', 'paramedic.dev/last-action': 'k1' },
      ownerReferences: [{ kind: 'CronWorkflow', name: 'etl', uid: 'u1', controller: true }],
    });
    expect(made.spec).toEqual({ entrypoint: 'main', templates });
  });
});
