import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { freePort } from '../../worker/listen.ts';
import { type ApiServerDouble, startApiServerDouble } from './api-server-double.ts';
import { runParamedic } from './run-paramedic.ts';

jest.setTimeout(60_000);

let cluster: ApiServerDouble;
let nothingListens: string;
beforeAll(async () => {
  cluster = await startApiServerDouble((verb, resource) => verb !== 'patch' && resource !== 'pods/eviction');
  nothingListens = `127.0.0.1:${await freePort()}`;
});
afterAll(() => cluster.close());

async function doctor(environment: NodeJS.ProcessEnv) {
  const { code, out } = await runParamedic(['doctor', '--json'], environment);
  const { healthy, findings } = JSON.parse(out) as { healthy: boolean; findings: Record<string, string>[] };
  return { code, healthy, findings };
}

describe('paramedic doctor', () => {
  it('says which permission is missing, what that prevents and how to grant it', async () => {
    const { code, healthy, findings } = await doctor({ KUBECONFIG: cluster.kubeconfig });
    const refused = findings.filter(({ result }) => result === 'fail');
    expect({ code, healthy }).toEqual({ code: 1, healthy: false });
    expect(refused.map(({ what }) => what)).toEqual([
      'May not patch cronjobs (batch): no schedule can be suspended.',
      'May not patch workflows (argoproj.io): no failed Workflow can be run once more, taken back, or marked as retried.',
      'May not patch cronworkflows (argoproj.io): no CronWorkflow can be suspended.',
      'May not patch deployments (apps): no release can be undone, no model version put back, no memory limit raised and nothing scaled.',
      'May not patch statefulsets (apps): no release of a StatefulSet can be undone, and no memory limit of one raised.',
      'May not patch daemonsets (apps): no release of a DaemonSet can be undone, and no memory limit of one raised.',
      'May not patch inferenceservices (serving.kserve.io): no model can be rolled back and no model server scaled.',
      'May not patch llminferenceservices (serving.kserve.io): no model of an LLMInferenceService can be rolled back.',
      'May not patch rollouts (argoproj.io): no release and no model of a Rollout can be rolled back.',
      'May not patch rollouts/status (argoproj.io): a Rollout that is under way is not ended before it is taken back, and one that goes back takes all steps of a new release.',
      'May not patch models (mlops.seldon.io): no model of Seldon can be rolled back.',
      'May not patch horizontalpodautoscalers (autoscaling): no autoscaler can be given more pods.',
      'May not patch scaledobjects (keda.sh): KEDA can be given no more pods.',
      'May not create pods/eviction: no failing pod can be restarted.',
      'May not patch nodes: no bad node can be cordoned.',
    ]);
    expect(refused[0]).toMatchObject({ check: 'permissions', fix: 'Apply deploy/kubernetes/rbac.yaml, or let an administrator grant it.' });
  });

  it('looks at everything though settings, cluster, Temporal and registry are all wrong, and tells a fix for each', async () => {
    const { code, findings } = await doctor({
      KUBECONFIG: '/does-not-exist',
      TEMPORAL_ADDRESS: nothingListens,
      PARAMEDIC_MLFLOW_URL: `http://${nothingListens}`,
      PARAMEDIC_GATEWAY_PORT: 'http',
      PARAMEDIC_GATEWAY_SECERT: 'x',
      PARAMEDIC_RUNBOOKS: '/does-not-exist',
    });
    expect(code).toBe(1);
    expect(findings.filter(({ result }) => result === 'ok').map(({ check }) => check)).toEqual(['node']);
    expect(findings.filter(({ result }) => result === 'fail').map(({ check, what }) => `${check}: ${what}`)).toEqual([
      'settings: PARAMEDIC_GATEWAY_PORT: must be a port number from 0 to 65535; 0 takes a free one',
      "runbooks: Cannot read the runbooks' folder /does-not-exist: it does not exist.",
      `temporal: Cannot reach Temporal at ${nothingListens} (TEMPORAL_ADDRESS): nothing listens there (connection refused).`,
      'kubernetes: Cannot find a cluster: KUBECONFIG names /does-not-exist, which does not exist.',
      'permissions: None can be checked: the cluster cannot be reached.',
      'model registry mlflow: Cannot be read: nothing listens there (connection refused).',
    ]);
    expect(findings.every(({ result, fix }) => result === 'ok' || fix)).toBe(true);
  });

  it('prints no secret (safety 34)', async () => {
    const { out, err } = await runParamedic(['doctor'], {
      KUBECONFIG: cluster.kubeconfig,
      PARAMEDIC_GATEWAY_SECRET: 'hush-hush-hush-hush',
      PARAMEDIC_ESCALATION_WEBHOOK: 'http://127.0.0.1:1/hush-hush',
      PARAMEDIC_MLFLOW_URL: `http://${nothingListens}`,
      PARAMEDIC_MLFLOW_TOKEN: 'hush-hush',
    });
    expect(out + err).not.toContain('hush-hush');
    expect(out).toMatch(/\d+ failed, \d+ warned, \d+ ok\.\n$/);
  });
});
