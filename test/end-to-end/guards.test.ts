import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { commonCauseWorkflowId, incidentWorkflowId, permitOfficeWorkflowId } from '../../incident/incident.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { MODEL_PARTS } from '../../sandbox/parts/part.ts';
import { brokenImage } from '../../sandbox/simulated-workloads.ts';
import { freeze, guardBoard, officeLedger, reset, said, story, thaw } from '../../workflows/messages.ts';
import { until } from '../until.ts';
import { breakRelease } from './broken-release.ts';
import { NAMESPACE, type Stage, setTheStage, writesTo } from './stage.ts';

const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const SHARED_IMAGE = 'shared:2-broken';
const STORM_TARGETS = 6;
const ACTS_MAX = 3;
/** No window ends while the tests run. */
const LIMITS = `cluster:
  rates: { cluster: { max: ${ACTS_MAX}, perSeconds: 86400 } }
  storm: { targets: ${STORM_TARGETS}, withinSeconds: 120 }
  blast: { namespaceWorkloads: { percent: 100, atLeast: 100, withinSeconds: 600 } }
`;

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage({ limits: LIMITS, without: MODEL_PARTS });
  await until('the permit office is open', () =>
    office()
      .query(guardBoard)
      .then(
        () => true,
        () => false,
      ),
  );
}, 3_600_000);

afterAll(() => stage?.leave(), 60_000);

const targetOf = (name: string): Target => ({ cluster: 'local', namespace: NAMESPACE, kind: 'Deployment', name });
const office = () => stage.client.workflow.getHandle(permitOfficeWorkflowId('local'));
const incidentOf = (name: string) => stage.client.workflow.getHandle(incidentWorkflowId('podCrash', targetOf(name)));
const imageOf = async (name: string) =>
  (await stage.apps.readNamespacedDeployment({ namespace: NAMESPACE, name })).spec?.template.spec?.containers[0]?.image;

const untilTold = (name: string, what: RegExp) =>
  until(`${name} tells ${what}`, async () =>
    (
      await incidentOf(name)
        .query(story)
        .catch(() => [])
    ).some((line) => what.test(line)),
  );

/** Takes what a test broke away, and what the permit office knows of it. */
async function clear(...names: readonly string[]): Promise<void> {
  const { failures } = await office().query(officeLedger);
  const gone = failures.filter(({ target }) => names.some((name) => target === targetText(targetOf(name))));
  await Promise.all(names.map((name) => stage.apps.deleteNamespacedDeployment({ namespace: NAMESPACE, name })));
  // One that is healed ends by itself.
  await Promise.all(
    names.map((name) =>
      incidentOf(name)
        .terminate()
        .catch(() => undefined),
    ),
  );
  // The office finds out by itself, but late: what the next test breaks on the same node would make a storm with what failed.
  await office().executeUpdate(said, {
    args: [gone.map(({ incident, run }) => ({ kind: 'left' as const, incident: { incident, run }, isOver: true }))],
  });
  await office().executeUpdate(reset, { args: [{ of: 'record' }] });
}

describe('on the real stack, by the record of the API server', () => {
  // First, since what other tests break on the same nodes would be counted with it for a while.
  it('what many failing targets share is told to a person once, and none of them is touched (safety 23)', async () => {
    const names = Array.from({ length: STORM_TARGETS + 2 }, (_, index) => `storm-${index}`);
    // Held until all are seen, since the first few would be cured before there is a storm.
    await office().executeUpdate(freeze, { args: [{}] });
    await Promise.all(names.map((name) => breakRelease(stage, name, { image: SHARED_IMAGE })));
    await Promise.all(names.map((name) => untilTold(name, /Not now: /)));
    await office().executeUpdate(thaw, { args: [{}] });
    await Promise.all(names.map((name) => untilTold(name, /targets fail that share/)));
    const { storms } = await office().query(guardBoard);
    expect(storms).toEqual([expect.stringContaining(`image ${SHARED_IMAGE}`)]);
    expect(names.map((name) => writesTo(stage, targetOf(name)))).toEqual(names.map(() => 0));
    const leader = stage.client.workflow.getHandle(commonCauseWorkflowId('local', { kind: 'image', name: SHARED_IMAGE }));
    await until('one incident leads', async () => (await leader.describe().catch(() => null))?.status.name === 'RUNNING', 200, 90_000);
    await leader.terminate();
    await clear(...names);
  }, 600_000);

  it('nothing is written while a freeze is in force, and the cure comes with the thaw (safety 28)', async () => {
    await office().executeUpdate(freeze, { args: [{ namespace: NAMESPACE, by: 'the test', reason: 'a release' }] });
    await breakRelease(stage, 'frozen');
    await untilTold('frozen', /Not now: Namespace models is frozen by the test/);
    expect(writesTo(stage, targetOf('frozen'))).toBe(0);
    await office().executeUpdate(thaw, { args: [{ namespace: NAMESPACE }] });
    await until('it is cured', async () => (await imageOf('frozen')) === 'frozen:1');
    expect(writesTo(stage, targetOf('frozen'))).toBe(1);
  }, 240_000);

  it.each([
    ['is annotated to be left alone', { annotations: { 'paramedic.dev/hands-off': 'an experiment' } }, /an experiment/],
    ['is kept by Argo CD', { labels: { 'argocd.argoproj.io/instance': 'rankers' } }, /Argo CD keeps the target/],
  ])(
    'a target that %s is not touched, and what would be done is told (safety 26)',
    async (_what, marks, why) => {
      const name = `kept-${Object.keys(marks)[0]}`;
      await breakRelease(stage, name, marks);
      await untilTold(name, why);
      expect(writesTo(stage, targetOf(name))).toBe(0);
      expect(await imageOf(name)).toBe(brokenImage(name));
      await clear(name);
    },
    240_000,
  );

  it('a namespace that is annotated to be left alone is (safety 26)', async () => {
    const core = stage.admin.makeApiClient(CoreV1Api);
    const annotate = (value: string | null) =>
      core.patchNamespace({ name: NAMESPACE, body: { metadata: { annotations: { 'paramedic.dev/hands-off': value } } } }, MERGE);
    await annotate('a fair');
    await breakRelease(stage, 'fair');
    await untilTold('fair', /a fair/);
    expect(writesTo(stage, targetOf('fair'))).toBe(0);
    await annotate(null);
    await clear('fair');
  }, 240_000);

  it('a limit of three acts in the cluster lets three of five be made, and tells the others why (safety 6)', async () => {
    await office().executeUpdate(reset, { args: [{ of: 'record' }] });
    const names = Array.from({ length: ACTS_MAX + 2 }, (_, index) => `many-${index}`);
    const isCured = async (name: string) => (await imageOf(name)) === `${name}:1`;
    await Promise.all(names.map((name) => breakRelease(stage, name)));
    await until('three are cured', async () => (await Promise.all(names.map(isCured))).filter(Boolean).length === ACTS_MAX);
    const untouched = names.filter((name) => writesTo(stage, targetOf(name)) === 0);
    await Promise.all(untouched.map((name) => untilTold(name, /the limit of the cluster is reached/)));
    expect(names.map((name) => writesTo(stage, targetOf(name))).sort()).toEqual([0, 0, 1, 1, 1]);
    const { budgets } = await office().query(guardBoard);
    expect(budgets.find(({ name }) => name === 'acts in the cluster')).toMatchObject({ used: ACTS_MAX, max: ACTS_MAX });
    await clear(...names);
  }, 600_000);
});
