import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedIncident } from '../../rehearsal/recorded/recorded.ts';
import { type Replay, type ReplayRules, replay } from '../../rehearsal/recorded/replay.ts';
import { openStage, type Stage as Played } from '../../rehearsal/stage.ts';
import { stepText } from '../../rehearsal/step-text.ts';
import { type Step, timelineDiff } from '../../rehearsal/timeline.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { Runbook } from '../../runbooks/schema.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';
import { recordedIn } from './recorded.ts';

let stage: Stage;
let played: Played;

beforeAll(async () => {
  stage = await setTheStage();
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = stage.settings;
  played = await openStage(TEMPORAL_ADDRESS, stage.workflowBundle, TEMPORAL_NAMESPACE);
}, 120_000);

afterAll(async () => {
  await played?.leave();
  await stage?.leave();
});

/** Plays it by the runbook that it had, changed. */
function play(recorded: RecordedIncident, change: Partial<Runbook> = {}, rules: ReplayRules = {}): Promise<Replay> {
  const runbook = { ...Runbook.parse(recorded.pinned), ...change };
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
});
