import { hostname, userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Board } from '../../guards/board.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { guardBoard } from '../../workflows/messages.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { type Standing, standWorker } from '../workflows/stand-worker.ts';
import { runParamedic } from './run-paramedic.ts';

// Each starts processes of its own, on a machine that may be busy.
jest.setTimeout(120_000);

const CLUSTER = 'freezing';
const me = `${userInfo().username}@${hostname()}`;

let stage: Stage;
let worker: Standing;

beforeAll(async () => {
  stage = await setTheStage();
  worker = await standWorker(stage, CLUSTER);
}, 3_600_000);

afterAll(async () => {
  await worker?.stop();
  await stage?.leave();
});

const paramedic = (args: readonly string[], cluster = CLUSTER) => runParamedic(args, { ...stage.settings, PARAMEDIC_CLUSTER: cluster });

async function frozen(cluster: string | null = CLUSTER): Promise<Board['freezes']> {
  return (await stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(cluster)).query(guardBoard)).freezes;
}

describe('paramedic freeze', () => {
  it('says in a sentence what is frozen, until when and how to go on, and opens the permit office where there is none', async () => {
    expect(await paramedic(['freeze'])).toEqual({
      code: 0,
      out: `Cluster ${CLUSTER}: Everything is frozen by ${me} until it is thawed. To end it: paramedic thaw\n`,
      err: '',
    });
    expect(await frozen()).toEqual([`Everything is frozen by ${me} until it is thawed.`]);
    expect((await paramedic(['thaw'])).out).toBe(
      `Ended for cluster ${CLUSTER}: Everything is frozen by ${me} until it is thawed.\nNo freeze that a person called is left for cluster ${CLUSTER}.\n`,
    );
    expect(await frozen()).toEqual([]);
  });

  it('takes a scope, a length and a reason, and names what else is in force', async () => {
    await paramedic(['freeze', '--runbook', 'pod-crash']);
    const { out } = await paramedic(['freeze', '--namespace', 'ml', '--for', '2h', '--reason', 'release']);
    const [first, second] = out.split('\n');
    const [, until] =
      /^Cluster freezing: Namespace ml is frozen by .* until (\S+): release\. To end it: paramedic thaw --namespace ml$/.exec(first!)!;
    expect(Math.abs(Date.parse(until!) - Date.now() - 7_200_000)).toBeLessThan(600_000);
    expect(second).toBe(`In force as well: Runbook pod-crash is frozen by ${me} until it is thawed.`);

    const thawed = JSON.parse((await paramedic(['thaw', '--namespace', 'ml', '--json'])).out);
    expect(thawed).toMatchObject({
      cluster: CLUSTER,
      freezes: [{ namespace: null, runbook: 'pod-crash', untilMs: null }],
      allClusters: [],
    });
    expect((await paramedic(['thaw', '--namespace', 'ml'])).out).toBe(
      `No such freeze was in force for cluster ${CLUSTER}.\nStill in force for cluster ${CLUSTER}: Runbook pod-crash is frozen by ${me} until it is thawed.\n`,
    );
    await paramedic(['thaw']);
  });

  it('stops all clusters at once, and a thaw of one says that it stays stopped', async () => {
    const { out } = await paramedic(['freeze', '--all-clusters', '--json']);
    expect(JSON.parse(out)).toMatchObject({
      cluster: null,
      freezes: [{ namespace: null, runbook: null, by: me, reason: '', untilMs: null }],
    });
    expect(await frozen(null)).toHaveLength(1);
    expect((await paramedic(['thaw'])).out).toContain(
      `\nStill in force for all clusters: Everything is frozen by ${me} until it is thawed. To end it: paramedic thaw --all-clusters\n`,
    );
    await paramedic(['thaw', '--all-clusters']);
    expect(await frozen(null)).toEqual([]);
  });

  it('does not look taken when no worker took it, and the record of an office that was closed is not given up for it', async () => {
    await paramedic(['freeze', '--namespace', 'kept'], CLUSTER);
    await worker.stop();
    try {
      await stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(CLUSTER)).terminate();
      expect(await paramedic(['freeze'])).toEqual({
        code: 1,
        out: '',
        err: `No worker answered within 10 s, so nothing is known to have changed: only a worker of cluster "${CLUSTER}" (PARAMEDIC_CLUSTER) can take this, and where none runs nothing acts either. Start one with "paramedic worker" or "paramedic up", and say it again; one that comes back may still take this call, and "paramedic guards" shows what is in force.\n`,
      });
    } finally {
      worker = await standWorker(stage, CLUSTER);
    }
    const { freezes } = JSON.parse((await paramedic(['freeze', '--json'])).out);
    expect(freezes).toMatchObject([{ namespace: 'kept' }, { namespace: null }]);
    await paramedic(['thaw']);
  });

  it.each([
    [
      ['freeze', '--for', '2 hours'],
      "option '--for <length>' argument '2 hours' is invalid. It must be a length of time of at most a year, such as 90s, 30m, 2h or 1d.",
    ],
    [
      ['freeze', '--for', '0s'],
      "option '--for <length>' argument '0s' is invalid. It must be a length of time of at most a year, such as 90s, 30m, 2h or 1d.",
    ],
    [
      ['freeze', '--namespace', 'ML'],
      "option '--namespace <name>' argument 'ML' is invalid. It must be the name of a Kubernetes namespace.",
    ],
    [
      ['thaw', '--runbook', '../x'],
      "option '--runbook <name>' argument '../x' is invalid. It must be the name of a runbook, such as pod-crash.",
    ],
    [['thaw', '--for', '2h'], "unknown option '--for'"],
    [['freeze', 'ml'], "too many arguments for 'freeze'. Expected 0 arguments but got 1: ml."],
  ])('refuses %p', async (args, fault) => {
    expect(await paramedic(args)).toEqual({ code: 2, out: '', err: `error: ${fault}\n(see "paramedic --help")\n` });
  });

  it('says why a reason that is too long is not taken', async () => {
    expect(await paramedic(['freeze', '--reason', 'x'.repeat(301)])).toEqual({
      code: 1,
      out: '',
      err: 'Cannot understand "reason": it must be a text of at most 300 characters.\n',
    });
  });
});
