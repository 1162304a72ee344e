import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { Refused, TargetChanged, TargetGone, TryLater } from '../../../clients/failures.ts';
import { nodeZones } from '../../../clients/kubernetes/node-zones.ts';
import { argoWorkflows } from '../../../clients/pipelines/argo-workflows.ts';
import type { Change } from '../../../incident/change.ts';
import { type Recorder, type Reply, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';
import { type ArgoDouble, argoDouble, FIRST_END, failing } from './argo-double.ts';

const TOKEN = 'hush-0123456789abcdef';
const target = { cluster: 'test', namespace: 'etl', kind: 'Workflow', name: 'churn' } as const;
const bound = { uid: 'u1', generation: 9 };
const change: Extract<Change, { kind: 'sameRun' }> = { kind: 'sameRun', run: { name: 'churn', tries: 1, endedMs: FIRST_END } };

let double: ArgoDouble;
let cluster: Recorder;
let server: Recorder;
let config: KubeConfig;
beforeAll(async () => {
  cluster = await record((request, headers) => double.cluster(request, headers));
  server = await record((request, headers) => double.server(request, headers));
  config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'double', server: cluster.url, skipTLSVerify: true }, { name: 'me' });
});
afterAll(() => Promise.all([cluster.close(), server.close()]));
beforeEach(() => {
  double = argoDouble();
  server.suffer(null);
  server.begin();
  cluster.begin();
});

const workflows = (answerMsMax = 15_000) => {
  const authorize = async (refused: boolean) => (refused ? null : { authorization: `Bearer ${TOKEN}` });
  return argoWorkflows(config, nodeZones(config), { url: server.url, authorize, credentials: 'PARAMEDIC_ARGO_TOKEN_PATH', answerMsMax });
};
const retry = (key: string, options = {}, answerMsMax?: number) =>
  workflows(answerMsMax).retry(target, change, bound, { key, dryRun: false, ...options });
const isRetry = ({ method, path }: { readonly method: string; readonly path: string }) => method === 'PUT' && path.endsWith('/retry');
const marks = () => [...cluster.steps.values()].flat().filter(({ method }) => method === 'PATCH');
const retries = () => [...server.steps.values()].flat().filter(isRetry);
const failsAgain = () => Object.assign(double.workflow!, { phase: 'Failed', finishedAt: '2026-03-02T11:20:00Z' });

describe('a failed Workflow', () => {
  it('is marked by the act, and then goes on, once under one key', async () => {
    expect(await retry('k1')).toBe('applied');
    expect(await retry('k1')).toBe('alreadyApplied');
    expect(double.workflow?.annotations).toEqual({
      'paramedic.dev/retried-by': 'k1',
      'paramedic.dev/retried-end': String(FIRST_END),
    });
    expect(retries()).toEqual([
      {
        method: 'PUT',
        path: '/api/v1/workflows/etl/churn/retry',
        query: {},
        body: { name: 'churn', namespace: 'etl' },
        scheme: 'Bearer',
      },
    ]);
  });

  it('is not retried by the same act once it has failed again (safety 1)', async () => {
    await retry('k1');
    failsAgain();
    expect(await retry('k1')).toBe('alreadyApplied');
    expect(retries()).toHaveLength(1);
  });

  it('is retried by the second try where the first ended between mark and retry', async () => {
    server.suffer({ kind: 'down' }, isRetry);
    await expect(retry('k1')).rejects.toThrow('Cannot reach Argo Server');
    server.suffer(null);
    expect(await retry('k1')).toBe('applied');
    expect(marks()).toHaveLength(1);
    expect(double.workflow?.phase).toBe('Running');
  });

  it('is not retried by the second try where only the answer to the first got lost (safety 1)', async () => {
    double.losesAnswers = true;
    await expect(retry('k1')).rejects.toThrow('Argo Server answers 500 gRPC 13');
    expect(await retry('k1')).toBe('alreadyApplied');
    expect(retries()).toHaveLength(1);
  });

  it('is left as it is where somebody else has retried it already', async () => {
    Object.assign(double.workflow!, { phase: 'Running', finishedAt: null });
    await expect(retry('k1')).rejects.toThrow('Workflow etl/churn is Running; somebody else has retried it.');
    failsAgain();
    await expect(retry('k1')).rejects.toThrow('Workflow etl/churn was retried since it was looked at, and failed again.');
    expect([...marks(), ...retries()]).toEqual([]);
  });

  it('is not retried where somebody wrote it between look and mark', async () => {
    double.changes = true;
    await expect(retry('k1')).rejects.toBeInstanceOf(TargetChanged);
    expect(retries()).toEqual([]);
  });

  it('is only asked about as a dry run, and left when what is looked at before the write says no', async () => {
    expect(await retry('dry-run', { dryRun: true })).toBe('applied');
    await expect(retry('k1', { beforeWrite: () => Promise.reject(new Error('It is well.')) })).rejects.toThrow('It is well.');
    expect([...marks(), ...retries()]).toEqual([]);
  });

  it('does not go on without argo-server, and says what to set', async () => {
    const alone = argoWorkflows(config, nodeZones(config), null).retry(target, change, bound, { key: 'k1', dryRun: false });
    await expect(alone).rejects.toThrow('A Workflow goes on only by argo-server: set PARAMEDIC_ARGO_URL.');
  });
});

describe('a retry that argo-server refuses', () => {
  const conflict = 'Operation cannot be fulfilled on workflows.argoproj.io "churn": the object has been modified';
  it.each<[string, Reply, new (...args: never[]) => Error, string]>([
    [
      'somebody wrote it meanwhile',
      failing(409, 6, conflict),
      TargetChanged,
      `Workflow etl/churn was written by somebody else: ${conflict}`,
    ],
    [
      'it runs',
      failing(400, 3, 'Cannot retry a workflow in phase Running'),
      TargetChanged,
      'Workflow etl/churn was retried by somebody else: Cannot retry a workflow in phase Running',
    ],
    [
      'it has succeeded',
      failing(400, 3, 'To retry a succeeded workflow, set the options restartSuccessful and nodeFieldSelector'),
      TargetChanged,
      'Workflow etl/churn was retried by somebody else: To retry a succeeded workflow',
    ],
    ['it is gone', failing(404, 5, 'workflows.argoproj.io "churn" not found'), TargetGone, 'Workflow etl/churn does not exist any more.'],
    [
      'another controller’s server is asked',
      failing(400, 3, "'churn' is not managed by the current Argo Server"),
      Refused,
      "Argo Server answers 400 gRPC 3 to api/v1/workflows/etl/churn/retry: 'churn' is not managed by the current Argo Server",
    ],
    [
      'the token may not',
      failing(403, 7, 'pods "churn-train-1" is forbidden'),
      Refused,
      'Argo Server does not allow it: delete on pods or update on workflows in its namespace is missing.',
    ],
    ['too much is asked', failing(429, 8, 'slow down'), TryLater, 'Argo Server answers 429 gRPC 8'],
  ])('since %s is told so', async (_case, reply, is, sentence) => {
    double.retry = reply;
    const error = await retry('k1').then(
      () => new Error('nothing failed'),
      (failed: Error) => failed,
    );
    expect(error.message).toContain(sentence);
    expect(error).toBeInstanceOf(is);
    expect(retries()).toHaveLength(1);
  });

  it('since the Workflow is gone before anything is asked for, is told so', async () => {
    server.suffer({ kind: 'failing', ...failing(404, 5, 'workflows.argoproj.io "churn" not found') });
    await expect(retry('k1')).rejects.toBeInstanceOf(TargetGone);
    double.workflow = null;
    server.suffer(null);
    await expect(retry('k1')).rejects.toBeInstanceOf(TargetGone);
    expect([...marks(), ...retries()]).toEqual([]);
  });
});

describe('Argo Server in trouble', () => {
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => retry('k1', {}, answerMsMax),
    system: 'Argo Server',
    credentials: 'PARAMEDIC_ARGO_TOKEN_PATH',
    needs: 'get on workflows in its namespace',
    secret: TOKEN,
    failure: (message) => ({ code: 13, message }),
  });
});
