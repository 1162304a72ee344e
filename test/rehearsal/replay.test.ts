import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../incident/alert.ts';
import { findRuns } from '../../rehearsal/recorded/find-runs.ts';
import { readIncident } from '../../rehearsal/recorded/read-incident.ts';
import type { RecordedIncident } from '../../rehearsal/recorded/recorded.ts';
import { type Replay, type ReplayRules, replay } from '../../rehearsal/recorded/replay.ts';
import type { Stage as Played } from '../../rehearsal/stage.ts';
import { stepText } from '../../rehearsal/step-text.ts';
import { type Step, timelineDiff } from '../../rehearsal/timeline.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { Runbook } from '../../runbooks/schema.ts';
import { alertResolved, alertsFired } from '../../workflows/messages.ts';
import { evidence, OOM_KILLED, sickPod } from '../evidence.ts';
import { layer } from '../limits.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, onWorker, runbook, type Stage, untilTold } from '../workflows/incident-run.ts';
import { openPlayStage, type PlayStage } from './played.ts';
import { recordedIn } from './recorded.ts';

let stage: Stage;
let played: Played;
let both: PlayStage;

beforeAll(async () => {
  both = await openPlayStage();
  ({ stage, played } = both);
}, 120_000);

afterAll(() => both?.leave());

/** Plays it by the runbook that it had, changed. */
function play(recorded: RecordedIncident, change: Partial<Runbook> = {}, rules: ReplayRules = {}): Promise<Replay> {
  const runbook = { ...Runbook.parse(recorded.pinned[recorded.runbook.name]), ...change };
  return replay(played, recorded, { runbooks: [runbook], limits: LimitsFile.parse({}) }, rules);
}

const told = ({ was, now }: Replay) =>
  timelineDiff(was, now).flatMap(({ in: where, step }) => (where === 'both' ? [] : [`${where}: ${short(step)}`]));

const short = (step: Step) => stepText(step).slice(0, 90);

describe('a replay', () => {
  it.each([
    'pod-crash-self-resolved',
    'pod-crash-recovered',
    'pod-crash-observed',
    'pod-crash-approved',
    'pod-crash-rejected',
    'pod-crash-not-undone',
    'pod-crash-untold-by-chain',
    'out-of-memory-recovered-at-second-attempt',
    'out-of-memory-escalated-at-the-cap',
    'model-serving-failure-recovered',
    'pipeline-failure-recovered',
    'pipeline-failure-contained',
    'network-timeout-recovered',
    'capacity-shortage-recovered',
  ])('of an incident as it is handled today is the same: %s', async (name) => {
    const one = await play(await recordedIn(name));
    expect({ different: told(one), same: one.same }).toEqual({ different: [], same: true });
  });

  it('tells that a remedy which helped is not there any more', async () => {
    const one = await play(await recordedIn('pod-crash-recovered'), { remedies: ['restart'] });
    expect(one.same).toBe(false);
    expect(told(one)).toEqual([
      'was: plan undoRelease: revision 2 (ranker:2) → revision 1 (ranker:2)',
      'was: undoRelease: done',
      'was: verdict on undoRelease: recovered: 1/1 ready, 1 of the newest release',
      'was: closed as recovered: Healthy, and the alert is over.',
      'now: a person is needed: No remedy of this runbook is left for bad-release.',
      'now: closed as escalated: No remedy of this runbook is left for bad-release. The alert is over.',
    ]);
  });

  it('stops where something else would be done, since nobody can tell what would come of it', async () => {
    const recorded = await recordedIn('out-of-memory-recovered-at-second-attempt');
    const one = await play(recorded, { memory: { factor: 3, ceilingMi: 4096 } });
    expect(told(one).slice(-2)).toEqual([
      'now: plan raiseMemory: main with limit 128Mi → main with limit 384Mi',
      'now: raiseMemory (main with limit 128Mi → main with limit 384Mi) would be applied now; what wou',
    ]);
    expect(one.now.at(-1)?.kind).toBe('stopped');
  });

  it('tells that fewer attempts would have been made', async () => {
    const recorded = await recordedIn('out-of-memory-recovered-at-second-attempt');
    const one = await play(recorded, { attempts: { max: 1, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } });
    expect(told(one).filter((line) => line.startsWith('now'))).toEqual([
      'now: refused by the guard attempt-cap: 1 of 1 attempts are used.',
      'now: main with limit 256Mi would be taken back now, which it was not then; what would come of t',
    ]);
  });

  it('tells that a person would be asked who was not, and guesses no answer', async () => {
    const one = await play(await recordedIn('pod-crash-recovered'), { mode: 'approve' });
    expect(told(one).filter((line) => line.startsWith('now'))).toEqual([
      'now: asks a person: undoRelease (revision 2 (ranker:2) → revision 1 (ranker:2))',
      'now: A person is asked now, and nobody was then; what they would say nobody can tell.',
    ]);
  });

  it('tells that nobody would be asked who was', async () => {
    const one = await play(await recordedIn('pod-crash-approved'), { mode: 'auto' });
    expect(told(one)).toEqual([
      'was: asks a person: undoRelease (revision 2 (ranker:2) → revision 1 (ranker:2))',
      expect.stringMatching(/^was: answer: approved: anna approved plan/),
    ]);
  });

  it('tells that who approved then may not any more', async () => {
    const approvers = { people: ['bob'], slackUsers: [], slackGroups: [] };
    const one = await play(await recordedIn('pod-crash-approved'), {
      approval: { withinSeconds: 1_800, approvers, namespaces: {}, fourEyes: false },
    });
    expect(one.now.at(-1)).toEqual({
      kind: 'stopped',
      why: expect.stringMatching(/^The word of anna does not count now \(.+\); what others/),
    });
  });

  it('tells that it would change what it only proposed, and does not guess what would come of it', async () => {
    const one = await play(await recordedIn('pod-crash-observed'), { mode: 'auto' });
    expect(told(one).filter((line) => line.startsWith('now'))).toEqual([
      expect.stringMatching(/^now: undoRelease .+ would be applied now; what/),
    ]);
  });

  it('tells that today another rule, or another cause, is named', async () => {
    const recorded = await recordedIn('pod-crash-recovered');
    const course = recorded.course.map((step) => (step.kind === 'found' ? { ...step, rule: 'allOfRevisionFail' } : step));
    const one = await play({ ...recorded, course });
    expect(told(one)).toEqual([
      expect.stringMatching(/^was: cause bad-release, by the rule allOfRevisionFail/),
      expect.stringMatching(/^now: cause bad-release, by the rule badRelease/),
    ]);
  });

  it('takes an alert as it would be taken today', async () => {
    const recorded = await recordedIn('pod-crash-recovered');
    const alert = { name: 'A', status: 'firing' as const, fingerprint: 'a1', labels: { alertname: 'A' }, annotations: {} };
    const known = { ...recorded, alerts: [{ alert, by: 'test', isTold: true, scene: 0, looks: 0 }] };
    const off = await play(known, { mode: 'off' });
    expect(off.now).toEqual([{ kind: 'notTaken', why: 'The runbook test is off for the namespace ml.' }]);
    const another = await play(known, { match: { alerts: ['B'], labels: {}, except: [] } });
    expect(another.now).toEqual([{ kind: 'notTaken', why: 'No runbook matches the alert "A" for a target of kind Deployment.' }]);
    expect(another.runbook).toEqual({ was: 'test', now: null });
  });

  it('says where the history does not tell why an alert was taken', async () => {
    const one = await play(await recordedIn('pod-crash-recovered'), { match: { alerts: ['B'], labels: {}, except: [] } });
    expect(one.same).toBe(true);
    expect(one.notes).toEqual(['Why the alert "" was taken by test is not in the history; it is taken by test now, too.']);
  });

  it('takes what other incidents kept from being done as it was', async () => {
    const recorded = await recordedIn('pod-crash-recovered');
    const [first] = recorded.scenes;
    const reason = 'The circuit breaker of the target is open.';
    const refused = {
      ...first!,
      end: null,
      isRefused: true,
      refusals: [{ remedy: 'undoRelease', guard: 'circuit-breaker' as const, reason }],
    };
    const course: Step[] = [
      ...recorded.course.slice(0, 2),
      { kind: 'refused', guard: 'circuit-breaker', why: reason },
      { kind: 'escalated', why: reason },
      { kind: 'closed', outcome: 'escalated', why: reason },
    ];
    expect(told(await play({ ...recorded, scenes: [refused], course }))).toEqual([]);
  });

  it('follows an incident that went on as another failure type, through all of its runs', async () => {
    const crash = runbook('podCrash', { name: 'crash', settleSeconds: 1 });
    const memory = runbook('outOfMemory', { name: 'memory', match: { alerts: ['B'], labels: {}, except: [] } });
    const alert = (name: string): Alert => ({ name, status: 'firing', fingerprint: name, labels: { alertname: name }, annotations: {} });
    const states = [evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 }), evidence({})];
    const nothing = () => undefined;
    const { result: id } = await onWorker(stage, crash, scriptedCluster(states), newTarget(), nothing, async (handle) => {
      await handle.signal(alertsFired, [alert('A')], { runbook: crash, limits: [layer()] });
      await handle.signal(alertsFired, [alert('B')], { runbook: memory, limits: [layer()] });
      await untilTold(handle, /Verdict: recovered/);
      for (const name of ['A', 'B']) await handle.signal(alertResolved, { ...alert(name), status: 'resolved' });
      await handle.result();
      return handle.workflowId;
    });
    const { client } = stage.environment;
    const runs = await findRuns(client, id, null);
    expect(runs).toHaveLength(2);
    expect(await findRuns(client, id, runs[0]!.run)).toEqual(runs);
    const recorded = await readIncident(client, id, runs);
    const loaded = { runbooks: [crash, memory], limits: LimitsFile.parse({}) };
    const one = await replay(played, recorded, loaded, {});
    expect({ different: told(one), kinds: one.now.map(({ kind }) => kind) }).toEqual({
      different: [],
      kinds: ['reclassified', 'found', 'planned', 'acted', 'verified', 'closed'],
    });
    const pinned = await replay(played, recorded, { ...loaded, runbooks: [] }, { pinned: true });
    expect(told(pinned)).toEqual([]);
    const off = await replay(played, recorded, { ...loaded, runbooks: [crash, { ...memory, remedies: [] }] }, {});
    expect(told(off)).toEqual([
      expect.stringMatching(/^now: No remedy of this runbook is left for memory-limit-too-low. The alert A goes on/),
    ]);
  });

  it('cannot be of an incident that is not over, or that people decide, and says so', async () => {
    await expect(recordedIn('data-quality-ignored')).rejects.toThrow(
      'Cannot replay test/data-quality-ignored: what becomes of dataQuality is decided by people, and a replay cannot stand for them.',
    );
    await expect(recordedIn('permit-office')).rejects.toThrow(/its history does not tell its target and its runbook/);
    await expect(recordedIn('pod-crash-went-on')).rejects.toThrow(/it is still open, and a replay needs the whole of it/);
  });

  it('says where what was recorded is not enough for the code of today', async () => {
    const text = JSON.stringify(await recordedIn('pod-crash-recovered')).replaceAll('"containers":', '"contained":');
    const one = await play(JSON.parse(text));
    expect(one.now).toEqual([
      { kind: 'stopped', why: expect.stringMatching(/^What was seen then is not enough for the code of today: .+/) },
    ]);
  });
});
