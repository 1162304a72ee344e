import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import type { LimitLayer } from '../../guards/limits.ts';
import { ask } from '../../guards/office.ts';
import { type Command, layers, STORM, storyOf } from './office-commands.ts';
import * as judges from './office-judge.ts';
import { play } from './office-play.ts';
import type { Story } from './office-story.ts';

/** Plays many stories, and looks for what must not be in any. Stories in which hardly anything is done would prove nothing. */
function inEvery(
  also: Parameters<typeof storyOf>[0],
  judge: (story: Story, limits: readonly LimitLayer[]) => readonly unknown[],
  limits: fc.Arbitrary<readonly LimitLayer[]> = layers,
): void {
  let [deeds, stories] = [0, 0];
  fc.assert(
    fc.property(storyOf(also), limits, (commands: readonly Command[], layered) => {
      const story = play(commands, layered);
      deeds += story.deeds.filter(({ written }) => written !== null).length;
      stories++;
      expect(judge(story, layered)).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(deeds).toBeGreaterThan(2 * stories);
}

describe('the permit office, whoever asks and reports in whatever order,', () => {
  it('never lets two incidents act on one target, or on what it owns and what owns it (safety 2)', () => {
    inEvery('nobody', judges.twoOnOneTarget);
  });

  it('never lets an incident make more attempts than it has (safety 3)', () => {
    inEvery('nobody', judges.tooManyAttempts);
  });

  it('counts what failed, did nothing, is not known and did not last against a target (safety 4)', () => {
    inEvery('nobody', judges.tooManyInVain);
  });

  it('never lets a cure be repeated past its limit (safety 4)', () => {
    inEvery('nobody', judges.tooManyCures);
  });

  it('never lets one more through than a limit in any window, of a remedy, a namespace or the cluster (safety 6, 9)', () => {
    inEvery('nobody', judges.tooManyInAWindow);
  });

  it('never takes a version back too deep, twice, or in circles (safety 12)', () => {
    inEvery('nobody', judges.backTooFar);
  });

  it('lets an open circuit breaker rest, and then one try at a time, whoever waited meanwhile (safety 20)', () => {
    inEvery('people', judges.triedTooSoon);
  });

  it('changes nothing that fails together with many others (safety 23)', () => {
    inEvery('nobody', judges.besideAStorm(STORM.targets, STORM.withinSeconds));
  });

  it('opens no limit by a clock that is put forward or back (safety 25)', () => {
    // Clocks of one platform may differ by two minutes, and a permit is used within as many.
    inEvery('clocks', (story, limits) => [
      ...judges.tooManyInAWindow(story, limits, 480_000),
      ...judges.twoOnOneTarget(story, limits),
      ...judges.tooManyAttempts(story, limits),
      ...story.answers.filter(
        ({ permit, before, at }) => permit.kind === 'granted' && Math.abs(before.latestMs - at.ms) > 120_000 && before.latestMs > at.ms,
      ),
    ]);
  });

  it('grants nothing under a freeze, lets nothing be written under it, and hears everything (safety 28)', () => {
    inEvery('people', judges.underAFreeze);
  });

  it('gives one permit for one id, and forgets none that is out (safety 1)', () => {
    inEvery('people', ({ ledgers }) => ledgers.filter(({ acts }) => new Set(acts.map(({ id }) => id)).size !== acts.length));
  });

  it('holds nothing for an incident that has left, and leaks no permit (safety 30)', () => {
    inEvery('clocks', ({ ledgers }) => {
      const { holds, acts } = ledgers.at(-1)!;
      return [...holds, ...acts.filter(({ outcome }) => outcome === null)];
    });
  });

  it('grants nothing because of its past that it would not grant without one (safety 37)', () => {
    inEvery('people', ({ answers }) =>
      answers.filter(({ permit, request, at, before }) => {
        const again = before.acts.some(({ id }) => id === request.id);
        const { latestMs, freezes } = before;
        return (
          !again &&
          permit.kind === 'granted' &&
          ask({ ...EMPTY_LEDGER, latestMs, freezes }, 'cluster', request, at.ms).permit.kind !== 'granted'
        );
      }),
    );
  });

  it('comes out of a restart as it went in, wherever that falls', () => {
    fc.assert(
      fc.property(storyOf('people'), layers, (commands, limits) => {
        const followed = (by: Command) =>
          play(
            commands.flatMap((command) => [command, by]),
            limits,
          );
        const [once, other] = [followed({ kind: 'wait', ms: 0 }), followed({ kind: 'restart' })];
        expect(other.answers.map(({ permit }) => permit)).toEqual(once.answers.map(({ permit }) => permit));
        expect(other.ledgers.at(-1)).toEqual(JSON.parse(JSON.stringify(once.ledgers.at(-1))));
      }),
      { numRuns: 60 },
    );
  });
});
