import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openGroupReader } from '../../../gateway/sources/large-groups.ts';
import { OPEN } from '../../../gateway/sources/locks/lock.ts';
import { SOURCES } from './all-sources.ts';
import { openStage, type Stage } from './stage.ts';

const MIB = 2 ** 20;

/** A group as Alertmanager sends it in a storm. @param known of how many of a hundred alerts a runbook knows */
function storm(alerts: number, known: number, more: object = {}): string {
  const [sample] = SOURCES.alertmanager.sample.alerts;
  const all = Array.from({ length: alerts }, (_, index) => ({
    ...sample,
    labels: {
      ...sample!.labels,
      alertname: index % 100 < known ? 'KubePodCrashLooping' : `Other${index % 50}`,
      pod: `ranker-${index}`,
    },
    fingerprint: index.toString(16).padStart(16, '0'),
    ...more,
  }));
  return JSON.stringify({ ...SOURCES.alertmanager.sample, alerts: all });
}

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ alertmanager: SOURCES.alertmanager.open(OPEN), grafana: SOURCES.grafana.open(OPEN) });
});
afterEach(() => stage.close());

const send = (body: string | Buffer, path = '/alerts/alertmanager') => stage.post(path, [], body);
const isHealthy = async () => (await fetch(`http://127.0.0.1:${stage.port}/healthz`)).ok;

describe('a body of 20,000 alerts', () => {
  it.each([2, 100])('of which a runbook knows %p of a hundred is acknowledged when Temporal has all of those', async (known) => {
    const body = storm(20_000, known, {
      annotations: { summary: 'Pod is crash looping.', description: 'Why, nobody knows yet. '.repeat(5) },
    });
    expect(body.length).toBeGreaterThan(8 * MIB);
    const answer = await send(body);
    expect(answer.code).toBe(200);
    expect(answer.body.alerts).toHaveLength(20_000);
    expect(stage.fired).toHaveLength(200 * known);
  });

  it('is asked for again where Temporal took a part of it, and nothing of it is lost (safety 21)', async () => {
    let calls = 0;
    stage.answers = async () => {
      if (++calls === 3) throw new Error('14 UNAVAILABLE');
    };
    expect((await send(storm(20_000, 100))).code).toBe(503);
    expect(stage.fired.length).toBeLessThan(20_000);
    expect((await send(storm(20_000, 100))).code).toBe(200);
    expect(new Set(stage.fired.map(({ fingerprint }) => fingerprint)).size).toBe(20_000);
  });

  it('is taken in many turns of the event loop, so that health is answered meanwhile', async () => {
    let isTaking = true;
    const taken = send(storm(20_000, 100)).finally(() => {
      isTaking = false;
    });
    let turns = 0;
    let healthy = 0;
    const checks = (async () => {
      while (isTaking) if (await isHealthy()) healthy++;
    })();
    while (isTaking) {
      await nextTurn();
      turns++;
    }
    await Promise.all([taken, checks]);
    expect(stage.fired).toHaveLength(20_000);
    expect(turns).toBeGreaterThan(15);
    expect(healthy).toBeGreaterThan(10);
  });

  it('is read the same as a small one', async () => {
    const read = async (alerts: number) => JSON.parse(JSON.stringify(await openGroupReader()(Buffer.from(storm(alerts, 100)), 'a group')));
    const [large, small] = await Promise.all([read(2_000), read(1)]);
    expect({ ...large, alerts: large.alerts.slice(0, 1) }).toEqual(small);
    expect(new Set(large.alerts.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size).toBe(2_000);
  });

  it('is not asked for again where it has more alerts than can ever be taken', async () => {
    const body = { version: '4', alerts: Array.from({ length: 100_001 }, () => ({ status: 'firing', labels: {} })) };
    expect(await send(JSON.stringify(body))).toMatchObject({
      code: 413,
      body: { error: 'The body has 100001 alerts; it may have 100000.' },
    });
  });

  it('that is wrong somewhere is refused with its place', async () => {
    const body = JSON.parse(storm(2_000, 2));
    body.alerts[1_999].status = 'ajar';
    expect(await send(JSON.stringify(body))).toMatchObject({ code: 400, body: { error: expect.stringContaining('alerts.1999.status') } });
  });

  it('that needs more memory than there is for it is refused, and the next one is taken', async () => {
    const read = openGroupReader(16);
    const [refused, taken] = await Promise.all([20_000, 500].map((alerts) => read(Buffer.from(storm(alerts, 100)), 'a group')));
    expect(refused).toEqual({ kind: 'fault', fault: 'The body cannot be read within 16 MiB of memory.' });
    expect(taken).toMatchObject({ kind: 'alerts' });
  });
});

describe('where more is being taken than can be', () => {
  /** Temporal answers nothing until it is let, and tells how many calls it has. */
  function hold() {
    const held = Promise.withResolvers<void>();
    const calls = { count: 0, release: held.resolve };
    stage.answers = () => {
      calls.count++;
      return held.promise;
    };
    return calls;
  }

  it('senders are at once asked to send again, with 503 and never 429, and health is answered (safety 21)', async () => {
    const held = hold();
    const taken = [send(storm(40_000, 1)), send(storm(40_000, 1))];
    while (held.count < 2) await nextTurn();
    const refused = await send(storm(40_000, 1));
    expect(refused).toMatchObject({ code: 503, headers: { 'retry-after': '5' }, body: { error: expect.stringContaining('send again') } });
    expect(await isHealthy()).toBe(true);
    held.release();
    expect((await Promise.all(taken)).map(({ code }) => code)).toEqual([200, 200]);
    // Nothing is left that would refuse the next one.
    expect((await send(storm(40_000, 1))).code).toBe(200);
  });

  it('bodies of one source do not keep those of another out', async () => {
    const held = hold();
    const filler = ' '.repeat(15 * MIB);
    const taken = [0, 1, 2, 3].map((index) => send(storm(10, 100, { fingerprint: `a${index}` }) + filler));
    while (held.count < 4) await nextTurn();
    expect((await send(storm(10, 100) + filler)).code).toBe(503);
    expect((await send(storm(10, 0), '/alerts/grafana')).code).toBe(200);
    held.release();
    expect((await Promise.all(taken)).map(({ code }) => code)).toEqual([200, 200, 200, 200]);
  });
});
