import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Alert } from '../../incident/alert.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Outcome } from '../../incident/incident.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { OPTIONS, type OptionName } from '../../incident/option.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { permitOffices } from '../../worker/permit-offices.ts';
import type { Asked } from '../../workflows/decision-call.ts';
import { alertResolved, alertsFired, asked, decide, freeze } from '../../workflows/messages.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, modelServer, registeredModel } from '../evidence.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';
import { ANYBODY, newTarget, onWorker, runbook, type Stage, setTheStage, untilSent, untilTold } from './incident-run.ts';

const DRIFT: Alert = {
  ...{ name: 'DataDriftDetected', status: 'firing', fingerprint: 'a1', startsAt: '2026-03-01T10:00:00Z' },
  ...{ labels: { feature: 'age' }, annotations: { value: '0.42' } },
};
const WORSE: Alert = { ...DRIFT, name: 'ModelAccuracyDegraded', fingerprint: 'b2', labels: {} };
/** Version 2 serves, and well. */
const serving = modelServer({ served: { wanted: BAD_URI, serving: [BAD_URI] } });
const back = modelServer({ generation: 2 });
const frozenModel = registeredModel({ promotionFreeze: 'by ben: because' });
const frozen = modelServer({ served: { ...serving.served, registry: { kind: 'read', model: frozenModel } } });
const training = { training: { kind: 'read' as const, value: { name: 'train', uid: 'u-train', isRunning: false } } };
const rolledBack = `churn version 2 (${BAD_URI}) → churn version 1 (${GOOD_URI})`;

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

/** Plays one incident of the type dataQuality that begins with an alert, in the mode auto unless the runbook says otherwise. */
async function play<T>(
  {
    states = [serving],
    mishaps = {},
    target = newTarget('InferenceService'),
    alert = DRIFT,
    writeAudit = () => undefined,
    ...change
  }: {
    readonly states?: readonly Evidence[];
    readonly mishaps?: Mishaps;
    readonly target?: ReturnType<typeof newTarget>;
    readonly alert?: Alert;
    readonly writeAudit?: (line: string) => void;
  } & Partial<Runbook>,
  playing: (handle: WorkflowHandle) => Promise<T>,
) {
  const chosen = runbook('dataQuality', { settleSeconds: 1, ...change });
  const { seen, result } = await onWorker(stage, chosen, scriptedCluster(states, mishaps), target, writeAudit, async (handle) => {
    await handle.signal(alertsFired, [alert]);
    return playing(handle);
  });
  return { ...seen, result };
}

async function question(handle: WorkflowHandle, before?: Asked): Promise<Asked> {
  for (;;) {
    const now = await handle.query(asked);
    if (now && now.decision === null && now.id !== before?.id) return now;
    await pause(50);
  }
}

async function answer(handle: WorkflowHandle, decision: OptionName, reason = 'looked at it'): Promise<Asked> {
  const now = await question(handle);
  await handle.executeUpdate(decide, { args: [{ plan: now.id, decision, by: 'anna', reason }] });
  return now;
}

async function refusal(handle: WorkflowHandle, call: object): Promise<string> {
  try {
    await handle.executeUpdate(decide, { args: [{ by: 'anna', ...call } as never] });
    return '';
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return error.cause?.message ?? '';
    throw error;
  }
}

async function over(handle: WorkflowHandle, alert = DRIFT): Promise<Outcome> {
  await handle.signal(alertResolved, { ...alert, status: 'resolved' });
  return (await handle.result()) as Outcome;
}

const names = ({ options }: Pick<Asked, 'options'>) => options?.map(({ name }) => name);

describe('an incident of what a model is fed, or says', () => {
  it('asks one decision, with what is known and exactly what each answer would do, and does nothing until then (safety 29)', async () => {
    const { requests, acts, audit, result } = await play(
      { mishaps: { quality: training }, retrain: { cronJob: 'train' } },
      async (handle) => {
        await question(handle);
        await untilSent(handle);
        return over(handle);
      },
    );
    expect(requests).toHaveLength(1);
    const [{ proposal, briefing, diagnosis, nextStep } = requests[0]!] = requests;
    expect(diagnosis?.cause).toBe('input-drift');
    expect(briefing).toEqual(
      expect.arrayContaining([
        'Seen: drift of inputs in feature age at 0.42, since 2026-03-01T10:00:00.000Z (alert DataDriftDetected).',
        'Versions of churn: 2 (serving, production, validated); 1 (last-known-good, validated).',
      ]),
    );
    expect(proposal.options).toEqual([
      { name: 'rollBack', does: 'serve churn version 1 instead of version 2, and once that is seen quarantine version 2 in the registry.' },
      { name: 'freeze', does: expect.stringContaining('the tag paramedic.promotion-frozen on the registered model churn') },
      { name: 'retrain', does: expect.stringContaining('from the template of CronJob ml/train') },
      { name: 'ignore', does: 'do nothing, and close with your reason.' },
    ]);
    expect(nextStep).toContain(`rollBack|freeze|retrain|ignore --plan ${proposal.id}`);
    expect(acts).toEqual([]);
    expect(audit).toEqual(['Asked', 'Closed']);
    expect(result.kind).toBe('selfResolved');
  });

  it('goes back when a person decides so, sees it serve, and only then makes it true in the registry', async () => {
    const { acts, audit, registry, result } = await play({ states: [serving, back] }, async (handle) => {
      await answer(handle, 'rollBack');
      await untilTold(handle, /it is seen to be done/);
      return over(handle);
    });
    expect(acts).toEqual([rolledBack]);
    expect(audit).toEqual([
      'Asked',
      'Decided',
      'Acting',
      'Acted',
      'Verified',
      'Confirming',
      'Confirmed',
      'Confirmed',
      'Confirmed',
      'Closed',
    ]);
    expect(registry.marks).toEqual(['churn version 2 quarantined', 'churn alias production at 1']);
    expect(result).toMatchObject({ kind: 'recovered', reason: 'anna decided rollBack, and it is seen to be done. The alert is over.' });
  });

  it('takes back a rollback that does not serve, confirms nothing, and hands over', async () => {
    const { acts, registry, escalations, result } = await play(
      { states: [serving, failingModelServer({ generation: 3 }), serving] },
      async (handle) => {
        await answer(handle, 'rollBack');
        await untilTold(handle, /A person is needed/);
        return over(handle);
      },
    );
    expect(acts).toHaveLength(2);
    expect(registry.marks).toEqual([]);
    expect(escalations[0]?.reason).toContain('anna decided rollBack, and it is not seen to work');
    expect(result).toMatchObject({ kind: 'escalated', actions: [{ undone: true }] });
  });

  it('freezes promotions with who, when and why, and closes as contained', async () => {
    const { acts, result, registry } = await play({ states: [serving, frozen] }, async (handle) => {
      await answer(handle, 'freeze', 'until the schema is mended');
      await untilTold(handle, /it is seen to be done/);
      return over(handle);
    });
    expect(acts).toEqual([
      expect.stringMatching(
        /^promotions of churn free → promotions of churn frozen \(by anna at \d{4}-.*Z: until the schema is mended \(test\//,
      ),
    ]);
    expect(registry.marks).toEqual([]);
    expect(result.kind).toBe('contained');
  });

  it('trains anew, by the CronJob that the runbook names', async () => {
    const { acts, result } = await play({ mishaps: { quality: training }, retrain: { cronJob: 'train' } }, async (handle) => {
      await answer(handle, 'retrain');
      await untilTold(handle, /it is seen to be done/);
      return over(handle);
    });
    expect(acts).toEqual(['no training under way → a Job made from the template of CronJob train']);
    expect(result.kind).toBe('recovered');
  });

  it('does nothing where a person ignores it, closes with their reason, and asks anew when something else comes up', async () => {
    const { acts, audit, escalations, result } = await play({}, async (handle) => {
      const first = await answer(handle, 'ignore', 'a holiday');
      await untilTold(handle, /watched until/);
      await handle.signal(alertsFired, [WORSE]);
      await question(handle, first);
      await answer(handle, 'ignore', 'the same holiday');
      await untilTold(handle, /the same holiday It is watched/);
      await handle.signal(alertResolved, { ...DRIFT, status: 'resolved' });
      return over(handle, WORSE);
    });
    expect(acts).toEqual([]);
    expect(audit.filter((step) => step === 'Asked')).toHaveLength(2);
    expect(escalations).toEqual([]);
    expect(result).toMatchObject({ kind: 'dismissed', reason: 'anna decided to ignore it: the same holiday The alert is over.' });
  });

  it('does nothing when nobody decides, and hands over (safety 29)', async () => {
    const { acts, escalations, result } = await play({ approval: { ...ANYBODY, withinSeconds: 1 } }, async (handle) => {
      await untilTold(handle, /A person is needed/);
      return over(handle);
    });
    expect(acts).toEqual([]);
    expect(escalations[0]?.reason).toMatch(/^Nobody decided on [0-9a-f]{8} until .*, so that nothing was done\.$/);
    expect(result.kind).toBe('escalated');
  });

  it('refuses an answer that is not offered, and yes or no (safety 29)', async () => {
    await play({}, async (handle) => {
      const { id } = await question(handle);
      for (const decision of ['retrain', 'approve', 'reject'])
        expect(await refusal(handle, { plan: id, decision })).toContain('it must be "rollBack", "freeze", "ignore" or "escalate"');
      expect(await refusal(handle, { plan: id, decision: 'delete' })).toContain('Cannot understand the decision "delete"');
      expect(await refusal(handle, { plan: id, decision: 'freeze', by: 'paramedic' })).toContain('Paramedic does not decide');
      expect(await refusal(handle, { plan: '0'.repeat(8), decision: 'freeze' })).toContain('is not asked about now');
      await over(handle);
    });
  });

  it.each<[string, readonly Evidence[], Mishaps, readonly string[] | undefined]>([
    [
      'no version to go back to',
      [
        modelServer({
          served: { ...serving.served, registry: { kind: 'read', model: registeredModel({ aliases: { 'last-known-good': '2' } }) } },
        }),
      ],
      {},
      ['freeze', 'ignore'],
    ],
    ['promotions frozen already', [frozen], {}, ['rollBack', 'ignore']],
    ['a server that is itself not well', [failingModelServer()], {}, ['freeze', 'ignore']],
    [
      'a training under way',
      [serving],
      { quality: { training: { kind: 'read', value: { ...training.training.value, isRunning: true } } } },
      ['rollBack', 'freeze', 'ignore'],
    ],
    [
      'no CronJob to train by',
      [serving],
      { quality: { training: { kind: 'unreadable', what: 'it', reason: 'it does not exist' } } },
      ['rollBack', 'freeze', 'ignore'],
    ],
  ])('offers only what is possible: %s', async (_case, states, mishaps, offered) => {
    const { requests } = await play({ states, mishaps, retrain: { cronJob: 'train' } }, async (handle) => {
      expect(names(await question(handle))).toEqual(offered);
      await untilSent(handle);
      await over(handle);
    });
    const left = OPTIONS.filter((one) => !offered?.includes(one));
    expect(requests[0]?.briefing).toEqual(expect.arrayContaining(left.map((one) => expect.stringContaining(`${one} is not possible: `))));
  });

  it.each<[string, Evidence, Alert]>([
    [
      'no model in the registry',
      modelServer({ served: { registry: { kind: 'absent', reason: 'The registry knows no model "churn".' } } }),
      DRIFT,
    ],
    ['a Deployment', evidence({}), DRIFT],
    ['an alert about another model', serving, { ...DRIFT, labels: { model: 'ranker' } }],
  ])('is handed over without a question where nothing can be done: %s', async (_case, state, alert) => {
    const { requests, escalations, acts, result } = await play({ states: [state], alert }, async (handle) => {
      await untilTold(handle, /A person is needed/);
      return over(handle);
    });
    expect(requests).toEqual([]);
    expect(acts).toEqual([]);
    expect(escalations[0]).toMatchObject({ reason: expect.stringContaining('rollBack is not possible'), briefing: expect.any(Array) });
    expect(result.kind).toBe('escalated');
  });

  it('does nothing on a decision when the world has changed since, and asks anew (safety 29)', async () => {
    const moved = modelServer({ ...serving, generation: 7 });
    let now: Evidence = serving;
    const states = new Proxy([serving], { get: (list, key) => (key === '0' ? now : Reflect.get(list, key)) });
    const { acts, audit } = await play({ states }, async (handle) => {
      const first = await question(handle);
      now = moved;
      await handle.executeUpdate(decide, { args: [{ plan: first.id, decision: 'rollBack', by: 'anna' }] });
      const second = await question(handle, first);
      expect(names(second)).toEqual(names(first));
      expect(await refusal(handle, { plan: first.id, decision: 'rollBack' })).toContain('is not asked about now');
      await over(handle);
    });
    expect(acts).toEqual([]);
    expect(audit.slice(0, 4)).toEqual(['Asked', 'Decided', 'Voided', 'Asked']);
  });

  it('asks the guards all the same: what was decided is not carried out under a freeze (safety 29)', async () => {
    const target = newTarget('InferenceService');
    const { acts, escalations } = await play({ target, patienceSeconds: 0 }, async (handle) => {
      await question(handle);
      const office = stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(target.cluster));
      await untilTold(handle, /A decision is asked/);
      const { client } = stage.environment;
      await permitOffices(client, (await handle.describe()).taskQueue).open(target.cluster);
      await office.executeUpdate(freeze, { args: [{ by: 'ben' }] });
      await answer(handle, 'rollBack');
      await untilTold(handle, /A person is needed/);
      return over(handle);
    });
    expect(acts).toEqual([]);
    expect(escalations[0]?.reason).toContain('What was decided and not done: rollBackModel');
  });

  it('contains without a person only what the runbook allows, in the mode auto alone, and asks all the same', async () => {
    const contained = await play({ states: [serving, frozen], contain: ['freezePromotions'] }, async (handle) => {
      expect(names(await question(handle))).toEqual(['rollBack', 'ignore']);
      return over(handle);
    });
    expect(contained.result).toMatchObject({ kind: 'contained', reason: expect.stringContaining('stands until a person takes it back') });
    expect(contained.escalations).toHaveLength(1);
    expect(contained.acts).toEqual([expect.stringContaining('by Paramedic, as the runbook test allows at ')]);
    const asking = await play({ states: [serving, frozen], contain: ['freezePromotions'], mode: 'approve' }, async (handle) => {
      expect(names(await question(handle))).toContain('freeze');
      return over(handle);
    });
    expect(asking.acts).toEqual([]);
  });

  it('asks nothing in the mode observe, and says what could be decided', async () => {
    const { requests, acts, escalations, result } = await play({ mode: 'observe', contain: ['freezePromotions'] }, async (handle) => {
      await untilTold(handle, /A person is needed/);
      return over(handle);
    });
    expect([requests, acts]).toEqual([[], []]);
    expect(escalations[0]?.reason).toContain('What could be decided: rollBack: serve churn version 1');
    expect(result.kind).toBe('observed');
  });

  it('carries out no decision that it cannot write down before', async () => {
    const writeAudit = (line: string) => {
      if (line.includes('"Decided"')) throw ApplicationFailure.nonRetryable('no space left on device');
    };
    const { acts, escalations } = await play({ states: [serving, back], writeAudit }, async (handle) => {
      await answer(handle, 'rollBack');
      await untilTold(handle, /A person is needed/);
      return over(handle);
    });
    expect(acts).toEqual([]);
    expect(escalations[0]?.reason).toContain('could not be written down: no space left on device');
  });
});
