import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Place, type Telling, tellChannels } from '../../activities/tell-channels.ts';
import type { Channel } from '../../clients/channels/channel.ts';
import { TryLater } from '../../clients/failures.ts';
import type { ChannelKind } from '../../incident/channel-kind.ts';
import { acknowledged, page, resolved } from '../clients/channels/notices.ts';

const place = (channel: string, isTold = false, thread: string | null = null): Place => ({ channel, thread, isTold });

let said: string[];
let counted: string[];
let lines: string[];
let logged: string[];
beforeEach(() => {
  [said, counted, lines, logged] = [[], [], [], []];
});

/** @param failing by name, what a channel throws */
function tell(telling: Partial<Telling>, failing: Readonly<Record<string, Error>> = {}) {
  const channel = (name: string, kind: ChannelKind, keepsKeys: boolean): [string, Channel] => [
    name,
    {
      ...{ kind, keepsKeys },
      async say(notice, thread) {
        if (failing[name]) throw failing[name];
        said.push(`${name} ${notice.kind} ${thread}`);
        return kind === 'slack' ? (thread ?? 'ts1') : null;
      },
    },
  ];
  const channels = {
    escalationWebhooks: [],
    named: new Map([channel('oncall', 'pagerDuty', true), channel('room', 'slack', false), channel('post', 'mail', false)]),
    writeAudit(entry: object) {
      lines.push(JSON.stringify(entry));
      return '';
    },
    log: (text: string, fields: object) => void logged.push(`${text} ${JSON.stringify(fields)}`),
    count: (kind: string, result: string) => void counted.push(`${kind} ${result}`),
  };
  const all: Telling = { notice: page(), to: [place('oncall'), place('room')], patience: 'once', isTold: false, ...telling };
  return tellChannels(channels, all);
}

describe('channels that are told at once', () => {
  it('each take it, and say where what follows goes', async () => {
    expect(await tell({})).toEqual({ took: [place('oncall', true), place('room', true, 'ts1')], missed: [] });
    expect(said).toEqual(['oncall page null', 'room page null']);
    expect(counted).toEqual(['pagerDuty told', 'slack told']);
  });

  it('do not wait for one another: what one does not take is told of, logged, and stands in the audit trail (safety 31)', async () => {
    const { took, missed } = await tell({}, { oncall: new TryLater('Too many.', 7_000) });
    expect(took).toEqual([place('room', true, 'ts1')]);
    expect(missed).toEqual([{ place: place('oncall'), why: 'oncall: Too many.', afterMs: 7_000 }]);
    expect(counted).toEqual(['slack told', 'pagerDuty failed']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { step: 'NotTold', incident: page().incident, text: 'oncall: Too many.' },
    ]);
    expect(logged).toHaveLength(1);
  });

  it('that all do not take it are an answer once, and else fail, so that it is sent again (safety 31)', async () => {
    const failing = { oncall: new Error('Away.'), room: new TryLater('Later.', 5_000) };
    expect((await tell({}, failing)).took).toEqual([]);
    expect(counted).toEqual(['pagerDuty failed', 'slack failed']);
    await expect(tell({ patience: 'untilTaken' }, failing)).rejects.toMatchObject({
      message: 'No channel took the message. oncall: Away. room: Later.',
      nonRetryable: false,
      nextRetryDelay: undefined,
    });
    expect(counted.slice(2)).toEqual(['pagerDuty untold', 'slack untold']);
    await expect(tell({ patience: 'untilTaken', to: [place('room')] }, failing)).rejects.toMatchObject({ nextRetryDelay: 5_000 });
  });

  it('are no dark spot where somebody was told already (safety 31)', async () => {
    await expect(tell({ patience: 'untilTaken', isTold: true }, { oncall: new Error('Away.'), room: new Error('Away.') })).rejects.toThrow(
      'Away.',
    );
    expect(counted).toEqual(['pagerDuty failed', 'slack failed']);
  });

  it('are missed by their name where there are none of it any more', async () => {
    const { missed } = await tell({ to: [place('gone')] });
    expect(missed.map(({ why }) => why)).toEqual(['gone: There is no such channel in channels.yaml any more.']);
    expect(counted).toEqual(['unknown failed']);
  });

  it('hear the end of what they took, and of what they may have taken where that can do no harm', async () => {
    for (const notice of [acknowledged, resolved]) await tell({ notice, to: [place('oncall'), place('room', true, 'ts1'), place('post')] });
    expect(said).toEqual(['oncall acknowledged null', 'room acknowledged ts1', 'oncall resolved null', 'room resolved ts1']);
  });

  it('tell no secret that a failure holds (safety 34)', async () => {
    const failing = { oncall: new Error('bad password=hunter2hunter2'), room: new Error('Bearer hunter2hunter2') };
    const error = await tell({ patience: 'untilTaken' }, failing).catch((one: Error) => `${one.stack} ${one.cause}`);
    expect(`${error} ${logged} ${lines}`).not.toContain('hunter2');
  });
});
