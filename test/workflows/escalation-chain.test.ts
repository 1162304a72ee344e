import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Channels } from '../../activities/channels.ts';
import { opsgenieChannel } from '../../clients/channels/opsgenie.ts';
import { pagerDutyChannel } from '../../clients/channels/pager-duty.ts';
import { slackChannel } from '../../clients/channels/slack.ts';
import { teamsChannel } from '../../clients/channels/teams.ts';
import { WEEKDAYS } from '../../guards/limits.ts';
import type { ChannelKind } from '../../incident/channel-kind.ts';
import type { Outcome } from '../../incident/incident.ts';
import type { MemoryNow } from '../../incident/memory-trend.ts';
import type { EscalationChain } from '../../runbooks/escalation.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { acknowledge, alertResolved, asked, decide } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { type Alert, openOpsgenie, openPagerDuty, openSlack, openTeams, teamsUrl } from '../clients/channels/doubles.ts';
import { contextOf } from '../diagnosis/seen.ts';
import { evidence, OOM_KILLED, readyPod, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, onWorker, runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
/** Stands for the secret of every channel. */
const SECRET = 'xoxb-hunter2hunter2hunter2hunter';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);
afterAll(() => stage?.leave());

/** Everybody who can be told. */
async function openPeople() {
  const [pagerDuty, opsgenie, slack, teams] = await Promise.all([
    openPagerDuty(SECRET),
    openOpsgenie(SECRET),
    openSlack(SECRET, 'C012AB3CD'),
    openTeams(SECRET),
  ]);
  const setting = 'PARAMEDIC_CHANNEL_X';
  const counted: string[] = [];
  const logged: string[] = [];
  const named = new Map([
    ['oncall', pagerDutyChannel({ url: pagerDuty.url, routingKey: SECRET, setting })],
    ['lead', opsgenieChannel({ url: opsgenie.url, apiKey: SECRET, setting, responders: [] })],
    ['room', slackChannel({ url: `${slack.url}/`, botToken: SECRET }, 'C012AB3CD')],
    ['team', teamsChannel(teamsUrl(teams.url, SECRET))],
    // Nobody is there.
    ['away', pagerDutyChannel({ url: 'http://127.0.0.1:1', routingKey: SECRET, setting })],
    ['deaf', teamsChannel(`http://127.0.0.1:1/${SECRET}`)],
  ]);
  const channels: Partial<Channels> = {
    named,
    count: (kind: ChannelKind | 'unknown', result) => void counted.push(`${kind} ${result}`),
  };
  const alert = (alerts: Map<string, Alert>) => [...alerts.values()].map(({ status, pages }) => `${status}, paged ${pages}`).join();
  return {
    ...{ channels, counted, logged, named, slack: slack.kept, teams: teams.kept },
    pagerDuty: () => alert(pagerDuty.kept),
    opsgenie: () => alert(opsgenie.kept),
    pagerDutyKeys: () => [...pagerDuty.kept.keys()],
    close: () => Promise.all([pagerDuty, opsgenie, slack, teams].map((one) => one.close())),
  };
}

let people: Awaited<ReturnType<typeof openPeople>>;
beforeEach(async () => {
  people = await openPeople();
});
afterEach(() => people.close());

const chain = (levels: Partial<EscalationChain['levels'][0]>[], change: Partial<EscalationChain> = {}): EscalationChain => ({
  severity: 'error',
  levels: levels.map((level) => ({ afterSeconds: 0, channels: [], ...level })),
  remindEverySeconds: 3_600,
  remindersMax: 3,
  quietHours: null,
  ...change,
});

/** Quiet from a minute ago on, all night. */
function quietNow(): NonNullable<EscalationChain['quietHours']> {
  const clock = (atMs: number) => new Date(atMs).toISOString().slice(11, 16);
  const now = Date.now();
  return { from: clock(now - 60_000), to: clock(now + 6 * 3_600_000), days: [...WEEKDAYS], timezone: 'UTC', below: 'critical' };
}

/** Plays one incident that needs a person, and ends it by its alert. */
async function play<T>(escalation: EscalationChain, playing: (handle: WorkflowHandle) => Promise<T>, change: Partial<Runbook> = {}) {
  const lines: string[] = [];
  let history = '';
  const chosen = runbook('podCrash', { mode: 'observe', escalation, ...change });
  const cluster = scriptedCluster([badRelease, ...(change.mode === 'approve' ? [healthy] : [])]);
  const { seen, result } = await onWorker(
    stage,
    chosen,
    cluster,
    newTarget(),
    (line) => void lines.push(line),
    async (handle) => {
      const played = await playing(handle);
      await handle
        .signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} })
        .catch(() => undefined);
      await handle.result().catch(() => undefined);
      history = textsOf((await handle.fetchHistory()).events);
      return played;
    },
    people.channels,
  );
  return { ...seen, result, lines, history };
}

/** All texts of a history, payloads included. */
function textsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsOf).join('\n') : '';
}

const phase = async (handle: WorkflowHandle) => (await handle.describe()).typedSearchAttributes.get(incidentAttributes.phase);
const ack = (handle: WorkflowHandle, by = 'ann') => handle.executeUpdate(acknowledge, { args: [{ by, reason: 'looking at it' }] });
const refusal = (handle: WorkflowHandle, call: unknown): Promise<string> =>
  handle.executeUpdate(acknowledge, { args: [call as never] }).then(
    () => 'taken',
    (error) => (error instanceof WorkflowUpdateFailedError ? (error.cause?.message ?? '') : String(error)),
  );

describe('an incident with a chain of escalation', () => {
  it('tells every channel of a level at once, the next level later, and all of them when it is over (safety 31)', async () => {
    const { told } = await play(
      chain([{ channels: ['oncall', 'room'] }, { channels: ['lead', 'team'], afterSeconds: 1 }]),
      async (handle) => {
        await untilTold(handle, /Level 1 is told, by oncall and room\./);
        expect([people.pagerDuty(), people.slack.length]).toEqual(['open, paged 1', 1]);
        expect([people.opsgenie(), people.teams.length]).toEqual(['', 0]);
        await untilTold(handle, /Level 2 is told, by lead and team\./);
        expect([people.opsgenie(), people.teams.length]).toEqual(['open, paged 1', 1]);
      },
    );
    expect([people.pagerDuty(), people.opsgenie()]).toEqual(['closed, paged 1', 'closed, paged 1']);
    expect(people.slack.map(({ thread, text }) => [thread === null, /^Over: /.test(text)])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(people.teams.at(-1)?.runs).toContain('The alert is over.');
    expect(told.join('\n')).not.toMatch(/could not be told/);
  });

  it('is one page, however often it is reminded of (safety 31)', async () => {
    const often = chain([{ channels: ['oncall', 'room'] }], { remindEverySeconds: 1, remindersMax: 2 });
    const { workflowId } = await play(often, (handle) => untilTold(handle, /Nobody has acknowledged it after 2 reminders/));
    expect(people.pagerDuty()).toBe('closed, paged 1');
    expect(people.pagerDutyKeys()).toEqual([expect.stringMatching(new RegExp(`^${workflowId}/[0-9a-f-]{36}$`))]);
    expect(people.slack.map(({ isBroadcast }) => isBroadcast)).toEqual([false, true, true, false]);
    expect(people.slack[2]?.blocks.map(({ text }) => text.text).join('\n')).toContain('this is reminder 2 of 2');
  });

  it('tells and reminds nobody else once somebody has acknowledged it, and says who has it (safety 31)', async () => {
    const hurried = chain([{ channels: ['oncall', 'room'] }, { channels: ['lead'], afterSeconds: 3 }], { remindEverySeconds: 3 });
    const { told, lines } = await play(hurried, async (handle) => {
      await untilTold(handle, /Level 1 is told/);
      await ack(handle);
      await until('the pager knows', async () => people.pagerDuty() === 'acknowledged, paged 1');
      await until('the room knows', async () => people.slack.length === 2);
      await new Promise((resolve) => setTimeout(resolve, 4_000));
    });
    expect([people.opsgenie(), people.slack.length]).toEqual(['', 3]);
    expect(people.slack[1]?.text).toMatch(/^Acknowledged: /);
    expect(people.slack[1]?.blocks[1]?.text.text).toContain('ann has it: looking at it');
    expect(told.join('\n')).toMatch(/ann has acknowledged it: looking at it\. Nobody else is told or reminded\./);
    expect(lines.map((line) => JSON.parse(line)).filter(({ step }) => step === 'Commanded')).toMatchObject([
      { command: 'acknowledge', who: { name: 'ann', way: 'webUi' }, text: 'ann (in the Web UI) acknowledged it: looking at it.' },
    ]);
  });

  it('is acknowledged once, by somebody, and only where somebody was told', async () => {
    await play(chain([{ channels: ['room'] }]), async (handle) => {
      await untilTold(handle, /Level 1 is told/);
      for (const [call, why] of [
        [undefined, /^Cannot understand nothing: it must be \{"by": "your name"\}\.$/],
        [{}, /must name the person who gives it/],
        [{ by: 'ann', plan: 'x' }, /^Cannot understand "plan": only by, reason may be given\.$/],
        [{ by: 'ann\nbob' }, /must be one line/],
      ] as const)
        expect(await refusal(handle, call)).toMatch(why);
      await ack(handle);
      expect(await refusal(handle, { by: 'bob' })).toBe('ann has acknowledged it already.');
    });
    const early = play(chain([{ channels: ['room'] }]), async (handle) => refusal(handle, { by: 'ann' }), { settleSeconds: 2 });
    expect((await early).result).toBe('Nobody was told of anything that is still open.');
  });

  it('tells the next level at once where no channel of one takes it (safety 31)', async () => {
    const { told } = await play(chain([{ channels: ['away', 'deaf'] }, { channels: ['oncall'], afterSeconds: 3_600 }]), (handle) =>
      untilTold(handle, /Level 2 is told, by oncall\./),
    );
    expect(told.join('\n')).toMatch(
      /Level 1 is not told by away: Cannot reach PagerDuty .* deaf: The workflow of Microsoft Teams, at 127\.0\.0\.1:1, cannot be reached/,
    );
    expect(told.join('\n')).not.toMatch(/Nobody could be told yet/);
    expect(people.counted).not.toContain('pagerDuty untold');
  });

  it('tells a channel later that did not take it at first, though another did (safety 31)', async () => {
    const room = people.named.get('room')!;
    const away = people.named.get('away')!;
    people.named.set('room', away);
    await play(chain([{ channels: ['oncall', 'room'] }]), async (handle) => {
      await untilTold(handle, /Level 1 is not told by room: /);
      people.named.set('room', room);
      await until('the room is told', async () => people.slack.length === 1);
    });
    expect(people.slack.map(({ text }) => /^Over: /.test(text))).toEqual([false, true]);
    expect(people.counted).toContain('pagerDuty failed');
    expect(people.counted).not.toContain('pagerDuty untold');
  });

  it('stays open, loud in the list and in the figures, and keeps trying where no channel takes it; then it is told once (safety 30, 31)', async () => {
    const oncall = people.named.get('oncall')!;
    const nobody = chain([{ channels: ['away'] }, { channels: ['deaf'], afterSeconds: 3_600 }]);
    const { lines } = await play(nobody, async (handle) => {
      await untilTold(handle, /Nobody could be told yet; it is tried again and again\./);
      await until('the list says so', async () => (await phase(handle)) === 'untold');
      await until('the figures say so', async () => people.counted.includes('pagerDuty untold') && people.counted.includes('teams untold'));
      people.named.set('away', oncall);
      await untilTold(handle, /A person was told after all, by away\./);
      await until('the list says so', async () => (await phase(handle)) === 'escalated');
      await until('the other is tried on', async () => people.counted.at(-1) === 'teams failed');
    });
    expect(people.pagerDuty()).toBe('closed, paged 1');
    expect(lines.filter((line) => JSON.parse(line).step === 'NotTold').length).toBeGreaterThan(2);
    // The other one is tried on, and leaves nobody in the dark any more.
    const sinceTold = people.counted.slice(people.counted.indexOf('pagerDuty told') + 1);
    expect(sinceTold).toContain('teams failed');
    expect(sinceTold.lastIndexOf('teams untold')).toBeLessThanOrEqual(0);
  });

  it('ends when its alert is over although nobody could be told (safety 30)', async () => {
    const { told } = await play(chain([{ channels: ['deaf'] }]), (handle) => untilTold(handle, /Nobody could be told yet/));
    expect(told.at(-1)).toMatch(/Closed as observed: .* The alert is over\./);
  });

  it('can be acknowledged where it is seen, though nobody could be told', async () => {
    await play(chain([{ channels: ['deaf'] }]), async (handle) => {
      await untilTold(handle, /Nobody could be told yet/);
      await ack(handle);
      await until('it is no longer untold', async () => (await phase(handle)) === 'escalated');
    });
  });

  it('tells that it is over also when a person cancels it (safety 30)', async () => {
    await play(chain([{ channels: ['oncall'] }]), async (handle) => {
      await untilTold(handle, /Level 1 is told/);
      await handle.cancel();
    });
    expect(people.pagerDuty()).toBe('closed, paged 1');
  });

  it.each([
    ['at its first try', 0],
    ['though that takes a second one', 1],
  ])('has no channel told of its end before it was told of its beginning, %s', async (_when, failures) => {
    let isHeld = true;
    const oncall = people.named.get('oncall')!;
    const order: string[] = [];
    let tries = 0;
    people.named.set('oncall', {
      ...oncall,
      async say(notice, thread) {
        if (tries++ < failures) throw new Error('Away.');
        await until('it goes on', async () => !isHeld, 20);
        order.push(notice.kind);
        return oncall.say(notice, thread);
      },
    });
    await play(chain([{ channels: ['oncall'] }]), async (handle) => {
      await until('it is being told', async () => tries > failures, 20);
      await handle.cancel();
      setTimeout(() => {
        isHeld = false;
      }, 500);
    });
    expect([order, people.pagerDuty()]).toEqual([['page', 'resolved'], 'closed, paged 1']);
  });

  it('closes what a channel may have got of it, though its answer was lost', async () => {
    const oncall = people.named.get('oncall')!;
    people.named.set('oncall', {
      ...oncall,
      async say(notice, thread) {
        const said = await oncall.say(notice, thread);
        if (notice.kind === 'page') throw new Error('The answer was lost.');
        return said;
      },
    });
    await play(chain([{ channels: ['oncall', 'deaf'] }]), (handle) => untilTold(handle, /Nobody could be told yet/));
    expect(people.pagerDuty()).toBe('closed, paged 1');
  });
});

describe('a cure that leaves something to do', () => {
  it('is told by the chain, and stays open there when the incident is closed', async () => {
    const pod = (name: string) => ({
      ...readyPod(name),
      containers: readyPod(name).containers.map((one) => ({
        ...one,
        runningSeconds: 7_200,
        lastExit: name === 'ranker-1' ? OOM_KILLED : null,
      })),
    });
    const two = evidence({ ...{ replicasWanted: 2, replicasReady: 2, replicasUpdated: 2 }, pods: [pod('ranker-1'), pod('ranker-2')] });
    const samples = Array.from({ length: 24 }, (_, step) => ({ atSeconds: step * 300, usedMi: 40 + 3.5 * step }));
    const leak = (now: MemoryNow[]) => contextOf({ memoryTrend: { pod: 'ranker-1', container: 'main', samples, now } });
    const contexts = [leak([{ pod: 'ranker-2', usedMi: 120, perHourMi: 40 }]), leak([])];
    const escalation = chain([{ channels: ['oncall'] }]);
    const patient = runbook('outOfMemory', { escalation, alertEndsSeconds: 300, verify: { stableSeconds: 0, timeoutSeconds: 300 } });
    const { result } = await onWorker(
      stage,
      patient,
      scriptedCluster([two], { contexts }),
      newTarget(),
      () => undefined,
      async (handle) => {
        await untilTold(handle, /Level 1 is told/);
        await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
        return (await handle.result()) as Outcome;
      },
      people.channels,
    );
    expect([result.kind, people.pagerDuty()]).toEqual(['recovered', 'open, paged 1']);
  });
});

describe('quiet hours of a chain', () => {
  it('put off what can wait until they end, and what is critical is told all the same', async () => {
    const levels = [{ channels: ['room'] }, { channels: ['oncall'], afterSeconds: 1, severity: 'critical' as const }];
    const quiet = chain(levels, { severity: 'warning', quietHours: quietNow() });
    const { history } = await play(quiet, (handle) => untilTold(handle, /Level 2 is told, by oncall\./));
    expect([people.slack.length, people.pagerDuty()]).toEqual([0, 'closed, paged 1']);
    expect(history.includes('Level 1 is told then, unless somebody acknowledges it before')).toBe(true);
  });

  it('put a question off, too, which can be answered where it is seen', async () => {
    const quiet = chain([{ channels: ['room'] }], { quietHours: quietNow() });
    const { acts } = await play(
      quiet,
      async (handle) => {
        await until('it is asked', async () => (await handle.query(asked)) !== null, 20);
        const { id } = (await handle.query(asked))!;
        await handle.executeUpdate(decide, { args: [{ plan: id, decision: 'approve', by: 'ann' }] });
        await untilTold(handle, /Verdict: recovered/);
      },
      { mode: 'approve' },
    );
    expect([acts.length, people.slack.length]).toEqual([1, 0]);
  });
});

describe('a question of an incident with a chain', () => {
  it('goes to the first level, under a key of its own, and is closed there once somebody has decided (safety 31)', async () => {
    const { acts, workflowId } = await play(
      chain([{ channels: ['oncall', 'room'] }, { channels: ['lead'], afterSeconds: 1 }]),
      async (handle) => {
        await until('the room is asked', async () => people.slack.length === 1);
        const { id } = (await handle.query(asked))!;
        expect(people.pagerDutyKeys()).toEqual([expect.stringMatching(new RegExp(`^${workflowIdOf(handle)}/[0-9a-f-]{36}/${id}$`))]);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await handle.executeUpdate(decide, { args: [{ plan: id, decision: 'approve', by: 'ann' }] });
        await untilTold(handle, /Verdict: recovered/);
      },
      { mode: 'approve' },
    );
    expect(acts).toHaveLength(1);
    expect(workflowId).toBeDefined();
    expect([people.pagerDuty(), people.opsgenie()]).toEqual(['closed, paged 1', '']);
    expect(people.slack.map(({ text }) => text.split(':')[0])).toEqual(['Leave is asked', 'Over']);
    expect(people.slack[1]?.blocks[1]?.text.text).toContain('ann decided: approve.');
  });

  it('is listed as untold where no channel takes it, and acts on no leave that nobody gave (safety 31)', async () => {
    const { acts } = await play(
      chain([{ channels: ['deaf'] }]),
      async (handle) => {
        await untilTold(handle, /Nobody could be told yet/);
        await until('the list says so', async () => (await phase(handle)) === 'untold');
        await handle.cancel();
      },
      { mode: 'approve' },
    );
    expect(acts).toEqual([]);
  });
});

const workflowIdOf = (handle: WorkflowHandle) => handle.workflowId;

describe('what many targets share', () => {
  it('is told by the chain of channels.yaml, and closed there when it is over, or a person closes it (safety 31)', async () => {
    const given = { ...people.channels, chain: chain([{ channels: ['oncall', 'deaf'] }], { severity: 'critical' }) };
    const target = newTarget();
    const quiet = runbook('podCrash', { settleSeconds: 600 });
    const shared = { kind: 'image' as const, name: 'ranker:2' };
    await onWorker(
      stage,
      quiet,
      scriptedCluster([healthy]),
      target,
      () => undefined,
      async (handle) => {
        const taskQueue = (await handle.describe()).taskQueue;
        const begin = async (cluster: string) => {
          const workflowId = `common-cause/${target.cluster}/${crypto.randomUUID()}`;
          const lead = await stage.environment.client.workflow.start('commonCause', {
            workflowId,
            taskQueue,
            args: [{ cluster, suspect: shared }],
          });
          await lead.signal('stormNow', { targets: ['ml/Deployment/a'], targetCount: 1, isOver: false });
          return lead;
        };
        const [over, ended] = await Promise.all([begin('a'), begin('b')]);
        await until('both are told', async () => people.pagerDuty() === 'open, paged 1,open, paged 1');
        await over.executeUpdate(acknowledge, { args: [{ by: 'ann' }] });
        await over.signal('stormNow', { targets: [], targetCount: 0, isOver: true });
        await ended.cancel();
        await Promise.all([over.result(), ended.result().catch(() => undefined)]);
        await handle.terminate();
      },
      given,
    );
    expect(people.pagerDuty()).toBe('closed, paged 1,closed, paged 1');
  });
});

describe('the secrets of all channels', () => {
  it('stand in no history, story, audit entry or log, whatever the channels answer (safety 34)', async () => {
    const names = ['oncall', 'lead', 'room', 'team', 'away', 'deaf'];
    const wrong = pagerDutyChannel({ url: 'http://127.0.0.1:1', routingKey: SECRET, setting: 'PARAMEDIC_CHANNEL_X' });
    people.named.set('wrong', wrong);
    const {
      history,
      told,
      lines,
      escalations,
      outcome: _none,
      ...rest
    } = {
      outcome: null,
      ...(await play(chain([{ channels: [...names, 'wrong'] }]), async (handle) => {
        await untilTold(handle, /Level 1 is not told by/);
        await ack(handle);
      })),
    };
    expect(history).toMatch(/tellChannels[\s\S]*away: Cannot reach PagerDuty/);
    expect([history, told, lines, JSON.stringify([escalations, rest])].join('\n')).not.toContain('hunter2');
  });
});
