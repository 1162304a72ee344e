import { describe, expect, it } from '@jest/globals';
import type { Channel } from '../../../clients/channels/channel.ts';
import { patient } from '../../../clients/channels/patient.ts';
import { Refused, TryLater } from '../../../clients/failures.ts';
import { page } from './notices.ts';

describe('a channel that asks to be left alone', () => {
  let asked = 0;
  let nowMs = 0;
  let failing: Error | null = null;
  const channel: Channel = {
    kind: 'teams',
    keepsKeys: false,
    async say() {
      asked++;
      if (failing) throw failing;
      return 'thread';
    },
  };
  const waiting = patient(channel, () => nowMs);
  const said = () => waiting.say(page(), null).catch((error: unknown) => error);

  it('is not asked again, by whichever incident, until its time is over, and never for longer than five minutes (safety 31)', async () => {
    failing = new TryLater('Too many.', 7_000);
    expect(await said()).toMatchObject({ message: 'Too many.', afterMs: 7_000 });
    failing = null;
    nowMs += 6_500;
    expect(await said()).toMatchObject({ message: 'It asked to be left alone, for 1 s more.', afterMs: 500 });
    expect(asked).toBe(1);
    nowMs += 500;
    expect(await said()).toBe('thread');
    failing = new TryLater('Too many.', 86_400_000);
    expect(await said()).toMatchObject({ afterMs: 300_000 });
    failing = null;
    nowMs += 300_000;
    expect(await said()).toBe('thread');
  });

  it('is asked again at once where it failed otherwise', async () => {
    for (const other of [new Refused('No.'), new TryLater('Later.', null), new Error('Away.')]) {
      failing = other;
      expect(await said()).toBe(other);
      const before = asked;
      await said();
      expect(asked).toBe(before + 1);
    }
  });
});
