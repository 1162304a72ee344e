import { beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprintOf } from '../../watch/fingerprint.ts';
import { type Moment, openLedger, type Place } from '../../watch/ledger.ts';
import type { ConditionName, HoldSeconds, Symptom } from '../../watch/symptom.ts';

const BEGAN_MS = Date.parse('2026-11-29T12:00:00Z');
const POD: Place = { kind: 'Pod', namespace: 'ml', name: 'ranker-1' };
const FINGERPRINT = fingerprintOf('test', 'KubePodNotReady', { pod: 'ranker-1' });

let ledger: ReturnType<typeof openLedger>;
let nowSeconds: number;
/** By how much the API server's clock was set forward, or back. */
let stepSeconds: number;

beforeEach(() => {
  nowSeconds = 10_000;
  stepSeconds = 0;
  openAnew();
});

function openAnew(hold: HoldSeconds = {}): void {
  ledger = openLedger('test', { hold, repeatSeconds: 3_600 });
}

const now = (): Moment => ({ serverMs: BEGAN_MS + (nowSeconds + stepSeconds) * 1000, elapsedMs: nowSeconds * 1000 });
const pass = (seconds: number) => {
  nowSeconds += seconds;
};
/** A condition that began so many seconds ago, by what the object tells. */
const ill = (secondsAgo: number | null, condition: ConditionName = 'KubePodNotReady', more: Partial<Symptom> = {}): Symptom => ({
  ...{ condition, labels: { pod: 'ranker-1' }, says: 'It is ill.' },
  sinceMs: secondsAgo === null ? null : now().serverMs - secondsAgo * 1000,
  ...more,
});
const see = (...symptoms: Symptom[]) => ledger.see(POD, symptoms, now());
const isDue = () => ledger.due(now()).length > 0;
/** What is said when the object is looked at and is so; it is stored at once. */
function look(...symptoms: Symptom[]): string[] {
  const said = ledger.judge(POD, symptoms, now());
  for (const one of said) ledger.said(POD, one, now());
  return said.map(({ status, symptom }) => `${status} ${symptom.condition}`);
}

describe('a condition', () => {
  it('is said once it has held for as long as it must, by what the object tells of its beginning', () => {
    see(ill(599));
    expect(isDue()).toBe(false);
    pass(1);
    expect(isDue()).toBe(true);
    expect(look(ill(600))).toEqual(['firing KubePodNotReady']);
  });

  it('that held for long before we began is said at once, and one whose object does not tell is timed from when it was seen', () => {
    see(ill(86_400));
    expect(isDue()).toBe(true);
    openAnew();
    see(ill(null));
    pass(599);
    expect(isDue()).toBe(false);
    pass(1);
    expect(isDue()).toBe(true);
  });

  it('that has held for at least so long by its object’s status is not timed anew (safety 20)', () => {
    see(ill(null, 'KubePodNotReady', { atLeastSinceMs: now().serverMs - 590_000 }));
    pass(10);
    expect(isDue()).toBe(true);
  });

  it('is not said when the look shows that it is not so, whatever was told before (safety 20)', () => {
    see(ill(9_000));
    expect(look()).toEqual([]);
    expect(ledger.counts()).toEqual({ objects: 0, said: 0 });
  });

  it('that ceased and came back is as old as it is since then', () => {
    see(ill(590));
    see(ill(0));
    pass(20);
    expect(isDue()).toBe(false);
  });

  it('is neither older nor younger for a step of the cluster’s clock (safety 25)', () => {
    const began = ill(0);
    see(began);
    stepSeconds = 86_400;
    pass(300);
    see(began);
    expect(isDue()).toBe(false);
    stepSeconds = -86_400;
    pass(299);
    expect(look(began)).toEqual([]);
    pass(1);
    expect(look(began)).toEqual(['firing KubePodNotReady']);
  });

  it('from the future began now', () => {
    see(ill(-86_400));
    pass(600);
    expect(isDue()).toBe(true);
  });

  it('that began too long ago to be acted on is remembered and not said (safety 20)', () => {
    see(ill(86_400, 'KubeJobFailed', { isPast: true }));
    expect(isDue()).toBe(false);
    expect(look(ill(86_400, 'KubeJobFailed', { isPast: true }))).toEqual([]);
    expect(ledger.counts().objects).toBe(1);
  });

  it('is said again while it holds, slowly, since its incident may have been closed', () => {
    look(ill(600));
    pass(3_599);
    expect(isDue()).toBe(false);
    pass(1);
    expect(isDue()).toBe(true);
    expect(look(ill(4_200))).toEqual(['firing KubePodNotReady']);
  });

  it('holds for as long as a person says before it is said, or is never said', () => {
    openAnew({ KubePodNotReady: 30, KubeJobFailed: null });
    see(ill(30), ill(9_000, 'KubeJobFailed'));
    expect(look(ill(30), ill(9_000, 'KubeJobFailed'))).toEqual(['firing KubePodNotReady']);
  });

  it('that could not be said is tried again, later each time, until it is', () => {
    see(ill(600));
    const waits: number[] = [];
    for (let failures = 0; failures < 7; failures++) {
      ledger.failed(POD, now());
      let waited = 0;
      for (; !isDue(); waited++) pass(1);
      waits.push(waited);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60]);
    expect(look(ill(900))).toEqual(['firing KubePodNotReady']);
  });
});

describe('the end of a condition', () => {
  beforeEach(() => {
    look(ill(600));
  });

  it('is said once it is gone for long enough, and still is when looked at', () => {
    see();
    pass(59);
    expect(isDue()).toBe(false);
    pass(1);
    expect(look()).toEqual(['resolved KubePodNotReady']);
    expect(ledger.counts()).toEqual({ objects: 0, said: 0 });
  });

  it('is not said when the look shows that it still holds', () => {
    see();
    pass(60);
    expect(look(ill(660))).toEqual([]);
    pass(60);
    expect(isDue()).toBe(false);
  });

  it('is not said while it comes and goes', () => {
    for (let times = 0; times < 10; times++) {
      see();
      pass(50);
      see(ill(0));
    }
    expect(look(ill(0))).toEqual([]);
    expect(ledger.counts().said).toBe(1);
  });

  it('is looked for by itself where the object says until when it holds', () => {
    openAnew();
    const untilMs = now().serverMs + 100_000;
    look(ill(600, 'KubeContainerOOMKilled', { untilMs }));
    pass(99);
    expect(isDue()).toBe(false);
    pass(1);
    expect(isDue()).toBe(true);
    look();
    pass(120);
    expect(look()).toEqual(['resolved KubeContainerOOMKilled']);
  });

  it('is found by a list that no longer has the object, and by no list that has it (safety 18)', () => {
    ledger.beginList('Pod', '');
    see(ill(600));
    ledger.endList('Pod', '', now());
    pass(60);
    expect(isDue()).toBe(false);
    ledger.beginList('Pod', '');
    ledger.endList('Pod', '', now());
    pass(60);
    expect(look()).toEqual(['resolved KubePodNotReady']);
  });

  it('is not found by a list of another kind or namespace, nor by one that broke off', () => {
    ledger.beginList('Pod', '');
    ledger.beginList('Job', '');
    ledger.endList('Job', '', now());
    pass(120);
    expect(isDue()).toBe(false);
    openAnew();
    ledger.beginList('Pod', 'ml');
    look(ill(600));
    ledger.beginList('Pod', 'other');
    ledger.endList('Pod', 'other', now());
    pass(120);
    expect(isDue()).toBe(false);
  });
});

describe('after a restart', () => {
  it('what an open incident knows of already is not said anew at once, and its end is', () => {
    ledger.inherit([FINGERPRINT], now());
    see(ill(900));
    expect(look(ill(900))).toEqual([]);
    see();
    pass(60);
    expect(look()).toEqual(['resolved KubePodNotReady']);
  });

  it('what is found before it is known what was open is not said anew either', () => {
    see(ill(900));
    ledger.inherit([FINGERPRINT], now());
    expect(look(ill(900))).toEqual([]);
  });

  it('what an open incident knows of and nothing is found of is over after a while', () => {
    ledger.inherit([FINGERPRINT], now());
    pass(299);
    expect(ledger.orphaned(now())).toEqual([]);
    pass(1);
    expect(ledger.orphaned(now())).toEqual([FINGERPRINT]);
    ledger.forgetOrphan(FINGERPRINT);
    expect(ledger.orphaned(now())).toEqual([]);
  });

  it('what went while it was being said is over after a while, too', () => {
    const [toSay] = ledger.judge(POD, [ill(600)], now());
    see();
    ledger.said(POD, toSay!, now());
    pass(300);
    expect(ledger.orphaned(now())).toEqual([FINGERPRINT]);
  });
});

describe('what is remembered', () => {
  it('is nothing of what is well, and of what was ill and was not said only what comes and goes by its nature, for a while', () => {
    see();
    see(ill(10));
    see();
    expect(ledger.counts().objects).toBe(0);
    see(ill(10, 'KubePodCrashLooping'));
    see();
    expect(ledger.counts().objects).toBe(1);
    pass(120);
    ledger.due(now());
    expect(ledger.counts().objects).toBe(0);
  });
});

describe('a fingerprint', () => {
  it('depends on cluster, name and labels alone, in whatever order', () => {
    const one = fingerprintOf('a', 'X', { pod: 'p', namespace: 'n' });
    expect(fingerprintOf('a', 'X', { namespace: 'n', pod: 'p' })).toBe(one);
    const others = [
      fingerprintOf('b', 'X', { pod: 'p', namespace: 'n' }),
      fingerprintOf('a', 'Y', { pod: 'p', namespace: 'n' }),
      fingerprintOf('a', 'X', { pod: 'pn', namespace: '' }),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
    expect(one).toMatch(/^[0-9a-f]{40}$/);
  });
});
