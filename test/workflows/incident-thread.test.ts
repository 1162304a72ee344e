import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../incident/incident.ts';
import { alertResolved, asked } from '../../workflows/messages.ts';
import { type Asking, asking, openPeopleStage, type PeopleStage } from '../attacks/stage.ts';
import { SAY_BY } from '../attacks/ways.ts';
import { until } from '../until.ts';
import { ANYBODY, untilTold } from './incident-run.ts';

let stage: PeopleStage;
beforeAll(async () => {
  stage = await openPeopleStage();
}, 3_600_000);
afterAll(() => stage?.leave(), 60_000);

const DAYS = 5 * 86_400;
const calm = (withinSeconds = 1_800) => ({
  ...asking({ ...ANYBODY, withinSeconds }),
  alertEndsSeconds: 60,
  verify: { stableSeconds: 0, timeoutSeconds: 60 },
});

/** Approves what is asked, heals the target, and waits for the end. */
async function approve({ handle, target, question }: Asking): Promise<Outcome> {
  const acts = stage.cluster.acts.length;
  expect(await SAY_BY.webUi(stage, 'ben', { incident: handle.workflowId, plan: question.id, decision: 'approve' })).toBeNull();
  await until('it is done', async () => stage.cluster.acts.length > acts, 50);
  stage.heal(target);
  await untilTold(handle, /Verdict: recovered/);
  await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
  return (await handle.result()) as Outcome;
}

const messageOf = ({ target }: Asking) => stage.slack.messages.find(({ text, thread }) => thread === null && text.includes(target.name));
const storyOf = (ts: string | undefined) =>
  stage.slack.messages
    .filter(({ thread }) => thread === ts)
    .map(({ text }) => text)
    .join('\n');

describe('the message of an incident in Slack', () => {
  it('asks, and ends with who decided what, and what became of it, the story below', async () => {
    const open = await stage.ask(calm());
    await until('it asks in Slack', async () => JSON.stringify(messageOf(open)?.blocks ?? []).includes('paramedic:approve'));
    expect((await approve(open)).kind).toBe('recovered');
    await until('it is over in Slack', async () => messageOf(open)?.text.includes('recovered: Healthy') ?? false);
    await until('its story is there, too', async () => storyOf(messageOf(open)?.ts).includes('Closed as'));
    const { blocks, ts } = messageOf(open)!;
    expect(JSON.stringify(blocks)).toMatch(/ben approved plan [0-9a-f]{8}\./);
    // Nothing is asked any more, but whether it was right.
    expect(JSON.stringify(blocks).match(/paramedic:[a-zA-Z-]+/g)).toEqual(['paramedic:judge-right', 'paramedic:judge-wrong']);
    expect(storyOf(ts)).toMatch(/Leave is asked for plan.*ben approved plan.*Verdict: recovered.*Closed as recovered/s);
  });

  it('delays nothing where Slack is away, and loses nothing (safety 31)', async () => {
    stage.slack.trouble('chat.postMessage', ...Array.from({ length: 3 }, () => ({ kind: 'status', status: 503 }) as const));
    const open = await stage.ask(calm());
    expect((await approve(open)).kind).toBe('recovered');
    await until('all of it is in Slack', async () => messageOf(open)?.text.includes('recovered: Healthy') ?? false);
    await until('its story is there, too', async () => storyOf(messageOf(open)?.ts).includes('Closed as'));
    expect(storyOf(messageOf(open)?.ts)).toMatch(/Leave is asked for plan.*Closed as recovered/s);
    expect(stage.slack.messages.filter(({ text, thread }) => thread === null && text.includes(open.target.name))).toHaveLength(1);
  });
});

describe('an approval', () => {
  it('is waited for over days and over every worker that is replaced meanwhile (safety 29)', async () => {
    const open = await stage.ask(calm(DAYS));
    expect(open.question.untilMs - Date.now()).toBeGreaterThan((DAYS - 600) * 1_000);
    for (let times = 0; times < 2; times++) {
      await stage.replaceWorker();
      expect((await open.handle.query(asked))?.id).toBe(open.question.id);
    }
    expect((await approve(open)).kind).toBe('recovered');
  });
});
