import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Judgement } from '../../../incident/experience/lesson.ts';
import { forgotten, judged, learned, merged } from '../../../incident/experience/lessons.ts';
import { type Experience, INCIDENTS_MAX, NO_EXPERIENCE, TARGETS_MAX, TIMES_MAX } from '../../../incident/experience/record.ts';
import { agedRow, HALF_LIFE_MS } from '../../../incident/experience/row.ts';
import { readExperience } from '../../../incident/experience/soundness.ts';
import type { RemedyName } from '../../../incident/remedy.ts';
import { knownAfter, lesson, NOW_MS, target, times, tried } from './stories.ts';

const rowOf = ({ rows }: Experience, remedy: RemedyName, cause = 'bad-model-version') =>
  rows.find((row) => row.remedy === remedy && row.cause === cause);
const countsOf = (known: Experience, remedy: RemedyName, cause?: string) => rowOf(known, remedy, cause)?.counts;
const says = (change: Partial<Judgement>): Judgement => ({
  ...{ says: null, remedy: null, cause: null, by: 'anna', reason: 'looked at it', atMs: NOW_MS },
  ...change,
});
const judge = (known: Experience, change: Partial<Judgement>) =>
  judged(known, { incident: known.incidents[0]!.incident, run: null }, says(change));

describe('what an incident teaches', () => {
  it('is a cure of the one remedy after which its target recovered, and a failure of those before', () => {
    const known = knownAfter([lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 30)])]);
    expect(countsOf(known, 'rollBackModel')).toMatchObject({ tries: 1, recoveries: 0, firstTries: 1, firstCures: 0 });
    expect(countsOf(known, 'undoRelease')).toMatchObject({ tries: 1, recoveries: 1, firstTries: 0, firstCures: 0 });
    expect(rowOf(known, 'undoRelease')?.recoveryTimes).toEqual([{ atMs: NOW_MS, seconds: 30 }]);
  });

  it('is no success and no failure where it cannot be told, or where the target was well too late', () => {
    const known = knownAfter([lesson([tried('restart', 'unknown')]), lesson([tried('restart', 'late')])]);
    expect(countsOf(known, 'restart')).toMatchObject({ tries: 0, recoveries: 0, firstTries: 0, unknown: 2, late: 1 });
  });

  it('is nothing of a remedy where nothing was tried: what heals by itself or by a person is nobody’s cure', () => {
    expect(knownAfter([lesson([])]).rows).toEqual([]);
  });

  it.each([
    ['same', { didSame: 1, didOther: 0, didNothing: 0 }],
    ['other', { didSame: 0, didOther: 1, didNothing: 0 }],
    ['nothing', { didSame: 0, didOther: 0, didNothing: 1 }],
  ] as const)('is what others did where it was only observed (%s), and no try of the remedy', (did, counts) => {
    const known = knownAfter([lesson([], { observed: { cause: 'bad-model-version', remedy: 'rollBackModel', did } })]);
    expect(countsOf(known, 'rollBackModel')).toMatchObject({ ...counts, tries: 0, recoveries: 0 });
  });

  it('is nothing where it cannot be seen what others did', () => {
    const observed = { cause: 'bad-model-version', remedy: 'rollBackModel', did: 'unseen' } as const;
    expect(knownAfter([lesson([], { observed })]).rows).toEqual([]);
  });

  it('is learned once, however often it is told', () => {
    const one = lesson([tried('restart', 'recovered')]);
    const known = knownAfter([one]);
    expect(learned(known, one, NOW_MS + 1)).toBe(known);
  });

  it('counts half after thirty days, and nothing more after years', () => {
    const known = knownAfter([lesson([tried('restart', 'recovered')])]);
    expect(agedRow(rowOf(known, 'restart')!, NOW_MS + HALF_LIFE_MS).counts).toMatchObject({ tries: 0.5, recoveries: 0.5 });
    expect(agedRow(rowOf(known, 'restart')!, NOW_MS - HALF_LIFE_MS).counts).toMatchObject({ tries: 1 });
    const later = knownAfter([lesson([tried('undoRelease', 'recovered')])], known, NOW_MS + 10 * HALF_LIFE_MS);
    expect(later.rows.map(({ remedy }) => remedy)).toEqual(['undoRelease']);
  });

  it('says what people decided before', () => {
    const decision = { cause: 'bad-release' as const, remedy: 'undoRelease' as const };
    const known = knownAfter([
      lesson([], { decisions: [{ ...decision, answer: 'rejected' }] }),
      lesson([], { decisions: [{ ...decision, answer: 'approved' }] }),
    ]);
    expect(countsOf(known, 'undoRelease', 'bad-release')).toMatchObject({ approved: 1, rejected: 1, tries: 0 });
  });

  it('takes no more room after a thousand incidents than after some hundred', () => {
    const known = knownAfter(times(1_000, () => lesson([tried('restart', 'recovered')])));
    expect(known.incidents).toHaveLength(INCIDENTS_MAX);
    expect(rowOf(known, 'restart')?.recoveryTimes).toHaveLength(TIMES_MAX);
    expect(rowOf(known, 'restart')?.targets).toHaveLength(TARGETS_MAX);
    expect(countsOf(known, 'restart')?.tries).toBe(1_000);
  });
});

describe('a relapse', () => {
  const cure = lesson([tried('restart', 'recovered')], { target: target('ranker') });
  const again = (afterSeconds: number, name = 'ranker') =>
    lesson([], { target: target(name), openedMs: cure.curedMs! + afterSeconds * 1000 });

  it.each([
    ['counts against the remedy that had cured the same target', again(600), { recoveries: 1, relapses: 1, firstCures: 0 }],
    ['is none of another target', again(600, 'other'), { relapses: 0, firstCures: 1 }],
    ['is none after the time for relapses', again(1_800), { relapses: 0, firstCures: 1 }],
    ['is none before the cure', again(-1), { relapses: 0, firstCures: 1 }],
  ])('%s', (_what, next, counts) => {
    expect(countsOf(knownAfter([cure, next]), 'restart')).toMatchObject(counts);
  });

  it('counts all the same where the later incident is heard of first', () => {
    expect(countsOf(knownAfter([again(600), cure]), 'restart')).toMatchObject({ recoveries: 1, relapses: 1 });
  });

  it('is one, however often the target fails after it', () => {
    const known = knownAfter([cure, again(600), again(900)]);
    expect(countsOf(known, 'restart')).toMatchObject({ relapses: 1 });
    expect(rowOf(known, 'restart')?.returnTimes).toEqual([{ atMs: NOW_MS, seconds: 600 }]);
  });
});

describe('a person’s word on an incident', () => {
  const known = knownAfter([lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 30)])]);

  it('that it was wrong takes the credit away, and counts as harm', () => {
    const after = judge(known, { says: 'wrong', remedy: 'undoRelease' });
    expect(countsOf(after, 'undoRelease')).toMatchObject({ tries: 1, recoveries: 0, wrong: 1 });
    expect(countsOf(after, 'rollBackModel')).toMatchObject({ wrong: 0 });
    expect(rowOf(after, 'undoRelease')?.recoveryTimes).toEqual([]);
  });

  it('that it was right counts as one more cure, and as none of a remedy that did not cure', () => {
    const after = judge(known, { says: 'right' });
    expect(countsOf(after, 'undoRelease')).toMatchObject({ tries: 1, recoveries: 1, right: 1 });
    expect(countsOf(after, 'rollBackModel')).toMatchObject({ right: 0 });
  });

  it('of the real cause moves what was learned to that', () => {
    const after = judge(known, { cause: 'bad-release' });
    expect(countsOf(after, 'undoRelease')).toBeUndefined();
    expect(countsOf(after, 'undoRelease', 'bad-release')).toMatchObject({ tries: 1, recoveries: 1 });
  });

  it('stands in place of what was said before', () => {
    const twice = judge(judge(known, { says: 'wrong', cause: 'bad-node' }), { says: 'right' });
    expect(twice.rows.toSorted((a, b) => (a.remedy < b.remedy ? -1 : 1))).toEqual(
      judge(known, { says: 'right' }).rows.toSorted((a, b) => (a.remedy < b.remedy ? -1 : 1)),
    );
  });

  it('is refused of an incident that taught nothing, and of a remedy that was not tried', () => {
    expect(() => judged(known, { incident: 'outage/x', run: null }, says({ says: 'right' }))).toThrow(
      'Nothing was learned of an incident "outage/x"',
    );
    expect(() => judge(known, { says: 'wrong', remedy: 'restart' })).toThrow(
      `restart was not tried in "${known.incidents[0]!.incident}": only rollBackModel, undoRelease was.`,
    );
    expect(() => judge(knownAfter([lesson([])]), { says: 'right' })).toThrow('Nothing was tried in');
  });
});

describe('what was forgotten', () => {
  const known = knownAfter([lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered')])]);

  it('is what was meant, and teaches no more, whatever is said of its incident', () => {
    const left = forgotten(known, null, 'undoRelease');
    expect(left.rows.map(({ remedy }) => remedy)).toEqual(['rollBackModel']);
    const newer = knownAfter([lesson([tried('undoRelease', 'recovered')])], left);
    const about = judged(newer, { incident: known.incidents[0]!.incident, run: null }, says({ says: 'wrong' }));
    expect(countsOf(about, 'undoRelease')).toMatchObject({ tries: 1, recoveries: 1, wrong: 0 });
  });

  it('is everything where nothing is named', () => {
    expect(forgotten(known, null, null)).toMatchObject({ rows: [], incidents: [{ tried: [] }] });
  });
});

describe('what was learned elsewhere', () => {
  const here = knownAfter(times(3, () => lesson([tried('restart', 'recovered')])));

  it('is added to what is known', () => {
    const there = knownAfter([lesson([tried('restart', 'failed')]), lesson([tried('undoRelease', 'recovered')])]);
    const both = merged(here, there, NOW_MS);
    expect(countsOf(both, 'restart')).toMatchObject({ tries: 4, recoveries: 3 });
    expect(countsOf(both, 'undoRelease')).toMatchObject({ tries: 1 });
    expect(both.incidents).toHaveLength(5);
  });

  it('changes nothing where the same incidents are remembered here', () => {
    expect(countsOf(merged(here, here, NOW_MS), 'restart')).toMatchObject({ tries: 3, recoveries: 3 });
  });
});

describe('whatever was learned', () => {
  it('is as an export of it is read again', () => {
    const many = lesson(times(30, () => tried('restart', 'failed')));
    const lessons = [many, ...times(400, () => lesson([tried('rollBackModel', 'worse'), tried('undoRelease', 'recovered')]))];
    const known = judge(knownAfter(lessons), { says: 'right' });
    expect(readExperience(JSON.parse(JSON.stringify(known)), 'experience')).toEqual(known);
  });
});

describe('whatever is learned and said', () => {
  it('no count is ever negative, and no more was cured than tried', () => {
    const ends = fc.constantFrom('recovered' as const, 'failed' as const, 'worse' as const, 'late' as const, 'unknown' as const);
    const act = fc.record({ remedy: fc.constantFrom('restart' as const, 'undoRelease' as const), end: ends });
    const step = fc.record({
      acts: fc.array(act, { maxLength: 3 }),
      name: fc.constantFrom('a', 'b'),
      afterMs: fc.integer({ min: 0, max: 40 * 86_400_000 }),
      says: fc.constantFrom('right' as const, 'wrong' as const, null),
      cause: fc.constantFrom('flake' as const, null),
      ofNth: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let known = NO_EXPERIENCE;
        let nowMs = NOW_MS;
        for (const { acts, name, afterMs, says: word, cause, ofNth } of steps) {
          nowMs += afterMs;
          const one = lesson(
            acts.map(({ remedy, end }) => tried(remedy, end)),
            { target: target(name), openedMs: nowMs },
          );
          known = learned(known, one, nowMs);
          const of = known.incidents[ofNth % known.incidents.length]!;
          if (of.tried.length > 0) known = judged(known, { incident: of.incident, run: of.run }, says({ says: word, cause, atMs: nowMs }));
        }
        for (const { counts } of known.rows) {
          expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
          expect(counts.recoveries).toBeLessThanOrEqual(counts.tries + 1e-9);
          expect(counts.relapses).toBeLessThanOrEqual(counts.recoveries + 1e-9);
          expect(counts.firstTries).toBeLessThanOrEqual(counts.tries + 1e-9);
        }
      }),
    );
  });
});
