import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { freeze, guardBoard, officeLedger, reset } from '../../../workflows/messages.ts';
import { until } from '../../until.ts';
import { type Stage, setTheStage } from '../incident-run.ts';
import { type House, openHouse } from './house.ts';
import { type Desk, openDesk } from './open-office.ts';

let stage: Stage;
let house: House;
let desk: Desk;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

beforeEach(async () => {
  house = await openHouse(stage);
  desk = openDesk(stage, house.cluster, { rates: { cluster: { max: 1, perSeconds: 3_600 } } });
});

afterEach(() => house.leave());

afterAll(() => stage?.leave());

const granted = { kind: 'granted' };
const refusedByRate = expect.objectContaining({ kind: 'refused', guard: 'rate-limit' });

describe('a permit office', () => {
  it('that a person terminates is followed by one that goes on with its record (safety 3)', async () => {
    expect(await desk.ask('one')).toEqual(granted);
    await house.office().executeUpdate(freeze, { args: [{ namespace: 'elsewhere', reason: 'a move' }] });
    const before = await house.office().query(officeLedger);
    await house.office().terminate('by hand');
    expect(await desk.ask('two')).toEqual(refusedByRate);
    expect((await house.office().query(officeLedger)).acts).toEqual(before.acts);
    expect((await house.office().query(guardBoard)).freezes).toEqual([expect.stringContaining('a move')]);
  });

  it('that a person cancels is followed by one that goes on with its record, and has let go of nothing (safety 3)', async () => {
    expect(await desk.ask('one')).toEqual(granted);
    await house.office().cancel();
    await until('the office has ended', async () => (await house.office().describe()).status.name === 'CANCELLED');
    expect(await desk.ask('two')).toEqual(refusedByRate);
    expect((await house.office().query(guardBoard)).leases).toHaveLength(1);
  });

  it('that is terminated before it did anything hands on what was handed to it', async () => {
    await house.restartWorker(async () => {
      await desk.open();
      await house.office().terminate('by hand');
    });
    expect(await desk.ask('one')).toEqual(granted);
  });

  it('whose predecessor’s record cannot be read refuses everything until a person vouches for a new one (safety 3)', async () => {
    const { workflowId } = house.office();
    await stage.environment.client.workflow.start('podCrash', { workflowId, taskQueue: house.cluster, args: [] });
    await house.office().terminate();
    expect(await desk.ask('one')).toMatchObject({
      kind: 'refused',
      guard: 'record',
      reason: expect.stringMatching(
        /record was lost at .*, so every limit counts as reached; "paramedic guards reset record" begins anew\.$/,
      ),
      retryAtMs: null,
    });
    await house.office().executeUpdate(reset, { args: [{ of: 'record', by: 'ann' }] });
    expect(await desk.ask('one')).toEqual(granted);
  });

  it('is not taken for lost when no worker can tell its record just then', async () => {
    expect(await desk.ask('one')).toEqual(granted);
    await house.restartWorker(async () => {
      await house.office().terminate('by hand');
      await expect(desk.open()).rejects.toThrow('Failed to query Workflow');
    });
    expect(await desk.ask('two')).toEqual(refusedByRate);
    expect(await house.office().query(officeLedger)).toMatchObject({ lostMs: null, acts: [{ target: 'ml/Deployment/one' }] });
  });

  it('knows after a restart of its worker what it knew before, and answers what was asked meanwhile (safety 3)', async () => {
    expect(await desk.ask('one')).toEqual(granted);
    let answer: Promise<unknown> = Promise.resolve();
    await house.restartWorker(async () => {
      answer = desk.ask('two');
    });
    expect(await answer).toEqual(refusedByRate);
  });

  it('does in a replay what it did, though a worker came anew before it heard anything (safety 3)', async () => {
    await desk.open();
    await house.office().query(guardBoard);
    await house.restartWorker();
    expect(await desk.ask('one')).toEqual(granted);
    expect(await desk.ask('two')).toEqual(refusedByRate);
    await Worker.runReplayHistory({ workflowBundle: stage.workflowBundle }, await house.office().fetchHistory());
  });

  it('goes on when it is told what makes no sense, and says what is wrong with a call', async () => {
    await desk.open();
    const call = (update: string, ...args: unknown[]) =>
      house.office().executeUpdate<unknown, [unknown]>(update, { args: args as [unknown] });
    const cause = (message: string) => ({ cause: { message: expect.stringContaining(message) } });
    await expect(call('reset')).rejects.toMatchObject(cause('"of" must name a circuit breaker'));
    await expect(call('freeze', { namespaces: 'ml' })).rejects.toMatchObject(cause('Cannot understand "namespaces"'));
    await expect(call('said', 'anything')).rejects.toMatchObject(cause('Only incidents say this'));
    await expect(call('said', [{ kind: 'forget' }])).rejects.toMatchObject(cause('Only incidents say this'));
    await house.office().signal('sourceAlive');
    expect(await call('said', [{ kind: 'ask' }, { kind: 'report' }, { kind: 'failure' }, { kind: 'left' }])).toEqual([
      expect.objectContaining({ kind: 'refused', reason: expect.stringContaining('The question cannot be understood') }),
      ...[null, null, null],
    ]);
    expect(await desk.ask('one')).toEqual(granted);
  });
});
