import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runParamedic } from './run-paramedic.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function simulate(...files: string[]) {
  const { code, out, err } = await runParamedic(['simulate', '--json', ...files]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const crash = { labels: { alertname: 'KubePodCrashLooping', namespace: 'ml', pod: 'ranker-7d9-x' }, annotations: {} };

describe('paramedic simulate --json', () => {
  it('prints one line per alert, in the order of files and alerts', async () => {
    const body = { version: '4', alerts: [{ status: 'firing', ...crash }, { labels: { alertname: 'Watchdog' } }] };
    const memory = { labels: { alertname: 'KubeContainerOOMKilled', namespace: 'ml', deployment: 'trainer' } };
    expect(await simulate(file('body.json', body), file('array.json', [memory]))).toEqual([
      {
        alert: 'KubePodCrashLooping',
        failureType: 'podCrash',
        runbook: 'pod-crash',
        target: 'ml/Pod/ranker-7d9-x',
        mode: 'observe',
        remedies: ['restart', 'leaveNode', 'rollBackModel', 'undoRelease', 'raiseMemory'],
        reason:
          'runbook pod-crash matches if a Deployment owns the pod; in observe mode it would diagnose and say which of restart, then leaveNode, then rollBackModel, then undoRelease, then raiseMemory it would try, changing nothing',
        why: 'asks for this very name',
        leftAlone: null,
        others: [{ runbook: 'model-serving-failure', why: 'names it, but it is not for a Deployment' }],
      },
      {
        alert: 'Watchdog',
        failureType: null,
        runbook: null,
        target: null,
        mode: null,
        remedies: [],
        reason: 'left to people: it is about the monitoring itself, which Paramedic stands on',
        why: null,
        leftAlone: 'monitoring',
        others: [],
      },
      expect.objectContaining({ alert: 'KubeContainerOOMKilled', failureType: 'outOfMemory', target: 'ml/Deployment/trainer' }),
    ]);
  });

  it('says which mode holds where the alert is, and for which remedies another does', async () => {
    const runbooks = join(folder, 'runbooks');
    mkdirSync(runbooks);
    writeFileSync(
      join(runbooks, 'a.yaml'),
      `name: a
failureType: podCrash
match: { alerts: [KubePodCrashLooping] }
mode: observe
modes: [{ namespaces: [ml], mode: auto }, { remedies: [undoRelease], mode: approve }, { remedies: [leaveNode], mode: off }, { namespaces: [web], mode: off }]
remedies: [restart, leaveNode, undoRelease]
`,
    );
    const inNamespace = (namespace: string) => ({ labels: { ...crash.labels, namespace } });
    const lines = await simulate('--runbooks', runbooks, file('modes.json', [inNamespace('ml'), inNamespace('web'), inNamespace('prod')]));
    expect(lines.map(({ mode, reason }) => [mode, reason])).toEqual([
      [
        'auto',
        'runbook a matches if a Deployment owns the pod; after a diagnosis it would try, as the cause allows, restart, then undoRelease (approve)',
      ],
      ['off', 'runbook a matches if a Deployment owns the pod, but it is off there, so nothing would be done'],
      [
        'observe',
        'runbook a matches if a Deployment owns the pod; in observe mode it would diagnose and say which of restart, then undoRelease (approve) it would try, changing nothing',
      ],
    ]);
  });

  it('takes what kube-state-metrics calls job_name and cronjob for a Job and a CronJob', async () => {
    const failed = { alertname: 'KubeJobFailed', namespace: 'ml', job: 'kube-state-metrics', pod: 'kube-state-metrics-0' };
    const alerts = [{ labels: { ...failed, job_name: 'train' } }, { labels: { ...failed, cronjob: 'nightly' } }];
    expect(await simulate(file('jobs.json', alerts))).toMatchObject([
      { failureType: 'pipelineFailure', target: 'ml/Job/train', remedies: ['retryRun', 'retryRunWithMoreMemory', 'pauseSchedule'] },
      { failureType: 'pipelineFailure', target: 'ml/CronJob/nightly' },
    ]);
  });

  it('takes a StatefulSet and a DaemonSet by their labels, before a pod that is named, too', async () => {
    const stuck = (labels: object) => ({ labels: { alertname: 'KubePodCrashLooping', namespace: 'ml', pod: 'some-0', ...labels } });
    expect(await simulate(file('sets.json', [stuck({ statefulset: 'shelf' }), stuck({ daemonset: 'agent' })]))).toMatchObject([
      { failureType: 'podCrash', target: 'ml/StatefulSet/shelf' },
      { failureType: 'podCrash', target: 'ml/DaemonSet/agent' },
    ]);
  });

  it('takes the pods of a KServe model server for its InferenceService’s', async () => {
    const predictor = { labels: { ...crash.labels, pod: 'churn-predictor-6b-x' } };
    expect(await simulate(file('predictor.json', [predictor]))).toMatchObject([{ failureType: 'modelServingFailure' }]);
  });

  it('says of an alert without a target, and of one that is over, that nothing would be begun', async () => {
    const alerts = [{ labels: { alertname: 'KubePodCrashLooping' } }, { ...crash, status: 'resolved' }];
    const lines = await simulate(file('nothing.json', alerts));
    expect(lines.map(({ reason }) => reason)).toEqual([
      'runbook pod-crash matches, but the labels name no resource in a namespace, so nothing would be done',
      'runbook pod-crash matches, but the alert is over: an open incident would be told so, and none would start',
    ]);
  });

  it('says why the other runbooks were not chosen, and why an alert is left to people', async () => {
    const alerts = [
      { labels: { alertname: 'VLLMPodOOMKilled', namespace: 'ml', pod: 'vllm-0' } },
      { labels: { alertname: 'KubeQuotaAlmostFull', namespace: 'ml' } },
      { labels: { alertname: 'RedisDown', namespace: 'ml', pod: 'redis-0' } },
      { labels: { alertname: 'HouseOnFire' } },
      { labels: { alertname: 'AirflowTaskFailed', namespace: 'ml', deployment: 'airflow' } },
      { labels: {} },
    ];
    const lines = await simulate(file('why.json', alerts));
    expect(lines[0]).toMatchObject({
      failureType: 'outOfMemory',
      why: 'asks for words beginning with pod|container and oom|outofmemory',
      others: expect.arrayContaining([
        { runbook: 'pod-crash', why: 'matches too, but out-of-memory is for the failure type that says more, where only words tell' },
        { runbook: 'pipeline-failure', why: 'names it, but it is not for a Deployment' },
      ]),
    });
    expect(lines.slice(1).map(({ failureType, leftAlone, reason }) => ({ failureType, leftAlone, reason }))).toEqual([
      {
        failureType: null,
        leftAlone: null,
        reason: 'no runbook matches the alert "KubeQuotaAlmostFull", though capacity-shortage names it, but one of its exceptions holds',
      },
      { failureType: null, leftAlone: 'dataStores', reason: 'left to people: it is about a database, a cache, a queue or a disk' },
      {
        failureType: null,
        leftAlone: null,
        reason: 'no runbook matches the alert "HouseOnFire": no failure of a machine-learning platform that is known',
      },
      {
        failureType: 'pipelineFailure',
        leftAlone: null,
        reason: 'runbook pipeline-failure matches, but it is not for a Deployment, so nothing would be done',
      },
      { failureType: null, leftAlone: null, reason: 'it has no label alertname, and is nobody’s' },
    ]);
  });

  it('knows an alert by what its rule reads, where it links to its rule', async () => {
    const link = (expression: string) => `http://prometheus:9090/graph?g0.expr=${encodeURIComponent(expression)}`;
    const late = (expression: string) => ({
      labels: { alertname: 'LatencyHigh', namespace: 'ml', pod: 'a' },
      generatorURL: link(expression),
    });
    expect(await simulate(file('rules.json', [late('vllm:e2e_request_latency_seconds > 1'), late('checkout_seconds > 1')]))).toMatchObject([
      { failureType: 'modelServingFailure', why: expect.stringContaining('what the rule reads') },
      { failureType: null },
    ]);
  });

  it('explains on lines of their own, for people, and lets no name write to the terminal', async () => {
    const alerts = [crash, { labels: { alertname: 'Redis\u001b[2JDown' } }];
    const { out } = await runParamedic(['simulate', file('text.json', alerts)]);
    expect(out.split('\n').slice(1, 4)).toEqual([
      '  pod-crash asks for this very name',
      '  model-serving-failure names it, but it is not for a Deployment',
      'Redis [2JDown: left to people: it is about a database, a cache, a queue or a disk',
    ]);
  });

  it('answers 20,000 alerts within seconds', async () => {
    const many = file('many.json', { alerts: Array.from({ length: 20_000 }, () => crash) });
    const began = Date.now();
    expect(await simulate(many)).toHaveLength(20_000);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it.each([
    ['gone.json', null, 'it does not exist.'],
    ['cut.json', '[{"labels":', 'it is not JSON: Unexpected end of JSON input.'],
    [
      'number.json',
      '42',
      'it is neither an Alertmanager body nor an array of {labels, annotations}: (root): Invalid input: expected object, received number.',
    ],
    [
      'label.json',
      '[{"labels":{"a":"b"}},{"labels":{"a":1}}]',
      'it is neither an Alertmanager body nor an array of {labels, annotations}: 1.labels.a: Invalid input: expected string, received number.',
    ],
  ])('refuses %s, prints nothing else, and names file and fault', async (name, content, fault) => {
    const good = file('good.json', [crash]);
    const bad = content === null ? join(folder, name) : file(name, content);
    expect(await runParamedic(['simulate', '--json', good, bad])).toEqual({
      code: 1,
      out: '',
      err: `Cannot read alerts from ${bad}: ${fault}\n`,
    });
  });
});
