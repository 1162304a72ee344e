import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { incidentWorkflowId } from '../../incident/incident.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { MODEL_PARTS } from '../../sandbox/parts/part.ts';
import { asked, decide, story } from '../../workflows/messages.ts';
import { runParamedic } from '../cli/run-paramedic.ts';
import { release } from '../release.ts';
import { until } from '../until.ts';
import { breakRelease } from './broken-release.ts';
import { DEATHS } from './deaths.ts';
import { NAMESPACE, outcomeOf, type Stage, setTheStage, writesTo } from './stage.ts';

const RUNBOOK = `name: releases
failureType: podCrash
match: { alerts: [KubePodCrashLooping], kinds: [Deployment] }
mode: observe
settleSeconds: 1
alertEndsSeconds: 60
flapping: { quietSeconds: 1 }
remedies: [restart, undoRelease]
attempts: { max: 3, backoffFirstSeconds: 1 }
verify: { stableSeconds: 3, timeoutSeconds: 60 }
`;
const OBSERVED = 20;
const DECIDED = 10;

let stage: Stage;
let numbers = 0;

beforeAll(async () => {
  stage = await setTheStage({ without: MODEL_PARTS, files: new Map([['releases.yaml', RUNBOOK]]), actsToo: false });
}, 3_600_000);

afterAll(() => stage?.leave(), 60_000);

const handleOf = (target: Target) => stage.client.workflow.getHandle(incidentWorkflowId('podCrash', target));
const breakOne = () => breakRelease(stage, `ranker-${++numbers}`);
const breakMany = (count: number) => Promise.all(Array.from({ length: count }, breakOne));

/** As a person would: the image of the release before. */
const undo = ({ name }: Target) => release(stage.apps, NAMESPACE, name, `${name}:1`);

/** Waits until an incident has told so. */
const tells = (target: Target, what: RegExp) =>
  until(`the incident of ${targetText(target)} tells ${what}`, () =>
    handleOf(target)
      .query(story)
      .then(
        (lines) => lines.some((line) => what.test(line)),
        () => false,
      ),
  );

async function answer(target: Target, decision: 'approve' | 'reject'): Promise<void> {
  await tells(target, /Leave is asked/);
  const question = await handleOf(target).query(asked);
  await handleOf(target).executeUpdate(decide, { args: [{ plan: question!.id, decision, by: 'anna' }] });
}

const paramedic = (...args: readonly string[]) =>
  runParamedic(args, { TEMPORAL_ADDRESS: stage.sandbox.addresses.temporalAddress, PARAMEDIC_RUNBOOKS: stage.runbooks });

async function advised() {
  const { code, out, err } = await paramedic('advise', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out);
}

/** A person agrees, and starts Paramedic anew with the changed runbook. */
async function agree(): Promise<void> {
  const { out } = await paramedic('advise', '--diff');
  execFileSync('git', ['apply'], { input: out, cwd: '/' });
  await DEATHS.Paramedic(stage);
}

describe('a remedy on its way from observe to auto and back', () => {
  it('is only observed, twenty times, and a person does what it would have done', async () => {
    const targets = await breakMany(OBSERVED);
    await Promise.all(
      targets.map((target) => tells(target, /Observe mode: undoRelease .* would have been applied; nothing was changed\./)),
    );
    await Promise.all(targets.map(undo));
    const outcomes = await Promise.all(targets.map((target) => outcomeOf(stage, 'podCrash', target)));
    for (const { kind, reason } of outcomes) {
      expect(kind).toBe('observed');
      expect(reason).toContain('The target is well, after others did what undoRelease would have done.');
    }
    expect(targets.map((target) => writesTo(stage, target))).toEqual(targets.map(() => 0));
  }, 900_000);

  it('is advised to be asked about, and asks once a person has agreed', async () => {
    expect(await advised()).toMatchObject({ proposals: [{ runbook: 'releases', remedy: 'undoRelease', from: 'observe', to: 'approve' }] });
    await agree();
    const targets = await breakMany(DECIDED);
    await Promise.all(targets.map((target) => answer(target, 'approve')));
    const outcomes = await Promise.all(targets.map((target) => outcomeOf(stage, 'podCrash', target)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(targets.map(() => 'recovered'));
  }, 900_000);

  it('is advised to act alone, and does once a person has agreed', async () => {
    expect(await advised()).toMatchObject({ proposals: [{ runbook: 'releases', remedy: 'undoRelease', from: 'approve', to: 'auto' }] });
    await agree();
    const target = await breakOne();
    expect((await outcomeOf(stage, 'podCrash', target)).kind).toBe('recovered');
    expect(writesTo(stage, target)).toBe(1);
    expect(await handleOf(target).query(asked)).toBeNull();
  }, 600_000);

  it('is demoted when a cure of its own does not last, and then does nothing that nobody allows (safety 37)', async () => {
    const relapsing: Target = { cluster: 'local', namespace: NAMESPACE, kind: 'Deployment', name: `ranker-${numbers}` };
    // It was healed a moment ago, and breaks again by another release.
    await release(stage.apps, NAMESPACE, relapsing.name, `${relapsing.name}:3-broken`);
    await until('it is demoted', async () => (await advised()).demotions.length > 0);
    expect(await advised()).toMatchObject({
      demotions: [
        { name: `demotion releases/undoRelease/${NAMESPACE}`, why: `it had cured ${targetText(relapsing)}, which then failed again` },
      ],
    });
    await undo(relapsing);

    const next = await breakOne();
    await answer(next, 'reject');
    await tells(next, /A person must allow undoRelease here, since .*: it had cured .*, which then failed again/);
    expect(writesTo(stage, next)).toBe(0);
    await undo(next);
    expect((await outcomeOf(stage, 'podCrash', next)).kind).toBe('escalated');
  }, 600_000);
});
