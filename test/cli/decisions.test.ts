import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { asked } from '../../workflows/messages.ts';
import { BAD_URI, evidence, modelServer, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, onWorker, runbook, type Stage, setTheStage, untilTold } from '../workflows/incident-run.ts';
import { runParamedic } from './run-paramedic.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const plan = 'undoRelease (revision 2 (ranker:2) → revision 1 (ranker:2))';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);
afterAll(() => stage?.leave());

const paramedic = (...args: string[]) => runParamedic(args, stage.settings);

/** Plays with an incident that asks for leave, and cancels it in the end. */
async function asking(play: (handle: WorkflowHandle, id: string) => Promise<void>) {
  const { seen } = await onWorker(
    stage,
    runbook('podCrash', { mode: 'approve', alertEndsSeconds: 60, verify: { stableSeconds: 0, timeoutSeconds: 60 } }),
    scriptedCluster([badRelease, evidence({})]),
    newTarget(),
    () => undefined,
    async (handle) => {
      await until('it asks', async () => (await handle.query(asked)) !== null);
      await play(handle, (await handle.query(asked))!.id);
      await handle.cancel().catch(() => undefined);
      await handle.result().catch(() => undefined);
    },
  );
  return seen;
}

describe('paramedic approve and reject', () => {
  it('shows and approves what is asked, once, in the name of who says so (safety 29)', async () => {
    const { acts, audit } = await asking(async (handle, id) => {
      const incident = handle.workflowId;
      const shown = await paramedic('incidents', 'show', incident);
      expect(shown.out).toContain('state    open, asking\n');
      expect(shown.out).toContain(`Asked\n  Plan ${id}: ${plan}\n`);
      expect(shown.out).toContain(`paramedic approve ${incident} --plan ${id}, or reject`);
      expect((await paramedic('incidents', 'list')).out).toMatch(new RegExp(`asking +podCrash +bad-release .*approve +${incident}\n`));

      expect(await paramedic('approve', incident, '--by', 'anna', '--reason', 'seen')).toEqual({
        code: 0,
        out: `Plan ${id} of ${incident} (${plan}) is approved by anna. It is done once the guards let it.\n`,
        err: '',
      });
      await untilTold(handle, /Verdict: recovered/);
      expect(await paramedic('approve', incident, '--plan', id, '--by', 'anna')).toEqual({
        code: 1,
        out: '',
        err: 'Nothing is asked of anybody now.\n',
      });
    });
    expect(acts).toHaveLength(1);
    expect(audit.slice(0, 3)).toEqual(['Asked', 'Approved', 'Acting']);
  });

  it('rejects, and says so as JSON (safety 29)', async () => {
    const { acts } = await asking(async (handle, id) => {
      const incident = handle.workflowId;
      expect(await paramedic('reject', incident, '--plan', '00000000', '--by', 'ben')).toEqual({
        code: 1,
        out: '',
        err: `Plan "00000000" is not asked about now; it is ${id}: ${plan}.\n`,
      });
      const { out } = await paramedic('reject', incident, '--plan', id, '--by', 'ben', '--json');
      expect(JSON.parse(out)).toEqual({ incident, decision: 'reject', by: 'ben', plan: id, text: plan });
      await untilTold(handle, /A person is needed: ben rejected plan/);
    });
    expect(acts).toEqual([]);
  });

  it('say which incident does not exist', async () => {
    expect(await paramedic('approve', 'nothing')).toEqual({
      code: 1,
      out: '',
      err: `There is no open incident "nothing" at ${stage.environment.address}. See "paramedic incidents list --open".\n`,
    });
  });
});

describe('paramedic decide', () => {
  it('shows what is offered, and takes one of it, once (safety 29)', async () => {
    const serving = modelServer({ served: { wanted: BAD_URI, serving: [BAD_URI] } });
    const chosen = runbook('accuracyDegradation', { settleSeconds: 0 });
    const { seen } = await onWorker(
      stage,
      chosen,
      scriptedCluster([serving]),
      newTarget('InferenceService'),
      () => undefined,
      async (handle) => {
        await until('it asks', async () => (await handle.query(asked)) !== null);
        const incident = handle.workflowId;
        const { id } = (await handle.query(asked))!;
        const shown = await paramedic('incidents', 'show', incident);
        expect(shown.out).toContain(`paramedic decide ${incident} rollBack --plan ${id}  (serve churn version 1 instead of version 2`);
        expect((await paramedic('decide', incident, 'retrain')).err).toContain('it must be "rollBack", "freeze", "ignore" or "escalate"');
        expect((await paramedic('decide', incident, 'delete')).code).toBe(2);
        expect(await paramedic('decide', incident, 'ignore', '--by', 'anna', '--reason', 'a holiday')).toEqual({
          code: 0,
          out: `Plan ${id} of ${incident} (do nothing, and close with your reason.) is decided: ignore, by anna. Nothing is done.\n`,
          err: '',
        });
        await untilTold(handle, /anna decided to ignore it: a holiday/);
        expect((await paramedic('decide', incident, 'ignore', '--by', 'anna')).err).toContain('Nothing is asked of anybody now.');
        await handle.cancel();
        await handle.result().catch(() => undefined);
      },
    );
    expect(seen.acts).toEqual([]);
  });
});
