import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiException, type V1Pod } from '@kubernetes/client-node';
import { tellingActivities } from '../../activities/telling.ts';
import { asClusterFailure } from '../../clients/kubernetes/api-failures.ts';
import { workloadEvidence } from '../../clients/kubernetes/workload-seen.ts';
import { takeAlert } from '../../gateway/intake.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseSettings, SETTING_NAMES } from '../../worker/settings.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';

/** Stands for every secret that is planted: wherever it turns up, one has come through. */
const SECRET = 'hunter2hunter2';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

/** All texts of an incident's history, payloads included. */
async function historyOf(workflowId: string): Promise<string> {
  const texts: string[] = [];
  const gather = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString());
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) gather(one);
  };
  gather((await stage.environment.client.workflow.getHandle(workflowId).fetchHistory()).events);
  return texts.join('\n');
}

/** A Deployment whose template, pods and last words are full of secrets, as the API server shows it. */
function seen(isHealthy: boolean) {
  const env = [{ name: 'DB_PASSWORD', value: SECRET }];
  const containers = [{ name: 'main', image: 'ranker:2', env, args: [`--token=${SECRET}`], resources: { limits: { memory: '128Mi' } } }];
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(containers) };
  const labels = { 'pod-template-hash': 'h2' };
  const terminated = { reason: 'Error', exitCode: 1, message: `cannot connect to postgres://app:${SECRET}@db/ml, api_key=${SECRET}` };
  const status = { name: 'main', image: '', imageID: '', ready: isHealthy, restartCount: 3 };
  const failing = { state: { waiting: { reason: 'CrashLoopBackOff', message: `--token=${SECRET}` } }, lastState: { terminated } };
  const pod: V1Pod = {
    metadata: { name: 'ranker-1', uid: 'u1', labels, annotations },
    spec: { containers },
    status: {
      conditions: [{ type: 'Ready', status: isHealthy ? 'True' : 'False', message: SECRET }],
      containerStatuses: [{ ...status, ...(isHealthy ? {} : failing) }],
    },
  };
  const release = (revision: number) => ({
    metadata: { name: `ranker-${revision}`, uid: `r${revision}`, annotations },
    hash: `h${revision}`,
    revision,
    template: { spec: { containers: containers.map((one) => ({ ...one, args: [`--token=${SECRET}${revision}`] })) } },
  });
  const ready = isHealthy ? 1 : 0;
  return workloadEvidence(
    {
      kind: 'Deployment',
      object: {
        metadata: { name: 'ranker', uid: 'd1', generation: 2, annotations },
        spec: { replicas: 1, selector: {}, template: { spec: { containers } } },
        status: { observedGeneration: 2, readyReplicas: ready, updatedReplicas: 1 },
      },
      releases: [release(2), release(1)],
      pods: [pod],
    },
    new Map(),
  );
}

/** What an API server or a webhook of its answers when it quotes what it refuses. */
const quoting = (code: number) =>
  new ApiException(code, 'failed', JSON.stringify({ message: `env "DB_PASSWORD=${SECRET}" is invalid`, details: { name: 'ranker' } }), {
    authorization: `Bearer ${SECRET}`,
  });

describe('a secret', () => {
  it.each<[string, number | null]>([
    ['that ends healed', null],
    ['that the API server refuses, quoting it,', 422],
    ['that the API server fails at, quoting it,', 500],
  ])('of a workload stands nowhere in an incident %s (safety 34)', async (_case, refusal) => {
    const told = { lines: [] as string[], refused: false };
    const script = scriptedCluster([seen(false), seen(true)]);
    const cluster: typeof script = {
      ...script,
      async apply(target, change, bound, options) {
        // A failure that passes is repeated once, and stands in the history all the same.
        if (refusal !== null && (refusal !== 500 || !options.dryRun) && !told.refused) {
          told.refused = refusal === 500;
          await asClusterFailure('Deployment ml/ranker', () => Promise.reject(quoting(refusal)));
        }
        return script.apply(target, change, bound, options);
      },
      recordEvent: async (_target, reason, message) => {
        told.lines.push(reason, message);
      },
    };
    const run = await runIncident(stage, runbook('podCrash'), cluster, newTarget(), (line) => told.lines.push(line));
    expect(run.outcome.kind).toBe(refusal === 422 ? 'escalated' : 'recovered');
    const history = await historyOf(run.workflowId);
    expect(history).toContain('[redacted]');
    expect([history, JSON.stringify([run.outcome, run.escalations, run.told]), ...told.lines].join('\n')).not.toContain(SECRET);
  });

  it('that cannot be read around stands in no failure to look (safety 34)', async () => {
    const script = scriptedCluster([seen(false)]);
    const cluster: typeof script = {
      ...script,
      observe: () => asClusterFailure('Deployment ml/ranker', () => Promise.reject(quoting(403))),
    };
    const run = await runIncident(stage, runbook('podCrash'), cluster);
    expect(`${await historyOf(run.workflowId)}${JSON.stringify([run.outcome, run.escalations, run.told])}`).not.toContain(SECRET);
  });

  it('of an alert, by its look or by the name of its label, stands nowhere in the incident that it starts or ends (safety 34)', async () => {
    const texts = { password: SECRET, summary: `login with token=${SECRET} failed`, note: `https://ann:${SECRET}@grafana/d/1` };
    const alert = { name: 'A', fingerprint: 'a1', labels: { namespace: 'ml', deployment: 'ranker', ...texts }, annotations: texts };
    const intake = {
      ...{
        runbooks: [runbook('podCrash')],
        limits: LimitsFile.parse({}),
        cluster: 'secrets',
        taskQueue: 'nobody',
        client: stage.environment.client,
      },
      kubernetes: { topmostOwner: async () => ({ kind: 'Deployment' as const, name: 'ranker' }) },
    };
    const taken = await takeAlert({ ...alert, status: 'firing' }, intake);
    await takeAlert({ ...alert, status: 'resolved' }, intake);
    const history = await historyOf(taken.kind === 'joined' ? taken.incident : '');
    expect(history).toContain('alertResolved');
    expect(history).not.toContain(SECRET);
  });

  it('that is a setting stands in no fault of the settings, and in no failure to tell people (safety 34)', async () => {
    const planted = Object.fromEntries(SETTING_NAMES.map((name) => [name, `${SECRET}\n`]));
    const { faults } = parseSettings(planted);
    expect(faults.length).toBeGreaterThan(5);
    expect(faults.join()).not.toContain(SECRET);
    const logged: unknown[] = [];
    const channels = {
      escalationWebhooks: [`http://127.0.0.1:1/hooks/${SECRET}`],
      writeAudit: () => '',
      log: (message: string, fields: object) => logged.push(message, fields),
    };
    const failing = { recordEvent: () => Promise.reject(quoting(403)) };
    const target = newTarget();
    const telling = tellingActivities(channels, failing);
    await telling.audit(target, { at: '2026-01-01T00:00:00Z', incident: 'i', step: 'Closed', text: '' });
    const escalation = { incident: 'i', run: 'r', target, diagnosis: null, actions: [], reason: '', nextStep: '', commands: [], page: '' };
    const error = await telling.escalate(escalation).catch((one: Error) => `${one.stack} ${(one.cause as Error | undefined)?.stack}`);
    expect(error).toContain('cannot be reached');
    expect(`${error} ${JSON.stringify(logged)}`).not.toContain(SECRET);
  });
});
