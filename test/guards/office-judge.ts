import type { BreakerLimits, LimitLayer, Limits, Rate } from '../../guards/limits.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { RELATED } from './office-commands.ts';
import type { Deed, Moment, Story } from './office-story.ts';

/** What went wrong in a story, as sentences; none when all is well. Judges know nothing of how the office decides. */
type Judge = (story: Story, limits: readonly LimitLayer[], slackMs?: number) => readonly string[];

const textOf = ({ request: { target } }: { request: { target: Target } }) => targetText(target);
const runOf = ({ request: { incident, run } }: Deed) => `${incident}/${run}`;
const isBy = (moment: Moment | null, turn: number) => moment !== null && moment.turn <= turn;
const isOpenAt = ({ granted, ended }: Deed, turn: number) => granted.turn < turn && !isBy(ended, turn);
const written = ({ deeds }: Story) => deeds.filter((deed) => deed.written !== null);
const given = <T>(layers: readonly LimitLayer[], pick: (limits: Limits) => T | undefined): T[] =>
  layers.flatMap(({ limits }) => pick(limits) ?? []);

/** Never more than so many of these times within any window. */
function crowds(times: readonly number[], { max, perSeconds }: Rate, slackMs: number, what: string): string[] {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted.flatMap((ms, index) => {
    const last = sorted[index + max];
    return last !== undefined && last - ms < perSeconds * 1000 - slackMs ? [`${max + 1} ${what} within ${last - ms} ms`] : [];
  });
}

export const tooManyInAWindow: Judge = (story, layers, slackMs = 0) => {
  const scopes = {
    remedy: (deed: Deed) => deed.request.remedy,
    namespace: (deed: Deed) => deed.request.target.namespace,
    cluster: () => '',
  };
  return (Object.keys(scopes) as (keyof typeof scopes)[]).flatMap((scope) => {
    const groups = Object.entries(Object.groupBy(written(story), scopes[scope]));
    return given(layers, ({ rates }) => rates?.[scope]).flatMap((rate) =>
      groups.flatMap(([name, deeds]) =>
        crowds(
          (deeds ?? []).map((deed) => deed.written!.ms),
          rate,
          slackMs,
          `acts of ${scope} ${name}`,
        ),
      ),
    );
  });
};

/** An incident acts from its first permit until the office was told that it let go. */
export const twoOnOneTarget: Judge = (story) =>
  story.deeds.flatMap((deed) => {
    const scope = [textOf(deed), ...(RELATED[textOf(deed)] ?? [])];
    const others = story.deeds.filter((other) => runOf(other) !== runOf(deed) && scope.includes(textOf(other)));
    return others.filter((other) => isOpenAt(other, deed.granted.turn)).map((other) => `${runOf(deed)} beside ${runOf(other)}`);
  });

export const tooManyAttempts: Judge = (story) =>
  Object.entries(Object.groupBy(written(story), runOf)).flatMap(([run, deeds]) =>
    deeds!.length > 3 ? [`${run} made ${deeds!.length} of 3`] : [],
  );

/** When a permit was given, fewer attempts on its target than the limit had been in vain within the window. */
export const tooManyInVain: Judge = (story, layers) =>
  story.deeds.flatMap((deed) =>
    given(layers, ({ target }) => target).flatMap(({ max, perSeconds }) => {
      const inVain = story.deeds.filter(
        ({ request, wrong }) =>
          textOf({ request }) === textOf(deed) && isBy(wrong, deed.granted.turn) && deed.granted.ms - wrong!.ms < perSeconds * 1000,
      );
      return inVain.length >= max ? [`${textOf(deed)} again after ${inVain.length} of ${max} in vain`] : [];
    }),
  );

export const tooManyCures: Judge = (story, layers) =>
  story.deeds.flatMap((deed) =>
    given(layers, ({ cures }) => cures).flatMap(({ max, perSeconds }) => {
      const cures = story.deeds.filter(
        (other) =>
          textOf(other) === textOf(deed) &&
          other.outcome === 'recovered' &&
          isBy(other.ended, deed.granted.turn) &&
          deed.granted.ms - other.ended!.ms < perSeconds * 1000,
      );
      return cures.length >= max ? [`${textOf(deed)} again after ${cures.length} of ${max} cures`] : [];
    }),
  );

/** So many failures in a row within the window open it; after the last it rests, and then one tries and no second beside it. */
export const triedTooSoon: Judge = (story, layers) =>
  (['target', 'remedy', 'runbook'] as const).flatMap((kind) => {
    const nameOf = (deed: Deed) => (kind === 'target' ? textOf(deed) : deed.request[kind]);
    return given(layers, ({ breakers }) => breakers?.[kind]).flatMap((limits) =>
      story.deeds.flatMap((deed) => {
        const turn = deed.granted.turn;
        const name = `${kind} ${nameOf(deed)}`;
        const reset = Math.max(0, ...story.resets.filter(({ of, at }) => of === name && at.turn < turn).map(({ at }) => at.ms + 1));
        const others = story.deeds.filter((other) => other !== deed && nameOf(other) === nameOf(deed));
        const why = brokenBy(others, deed, limits, reset);
        return why === null ? [] : [`${name}: ${why}`];
      }),
    );
  });

function brokenBy(others: readonly Deed[], { granted }: Deed, limits: BreakerLimits, sinceMs: number): string | null {
  const lastGood = Math.max(
    0,
    ...others.filter((one) => one.outcome === 'recovered' && isBy(one.ended, granted.turn)).map((one) => one.ended!.ms),
  );
  const bad = others
    .flatMap(({ wrong }) => (wrong !== null && isBy(wrong, granted.turn) && wrong.ms >= sinceMs && wrong.ms > lastGood ? wrong.ms : []))
    .sort((a, b) => a - b);
  const isOpen = bad.some((ms, index) => {
    const first = bad[index - limits.failures + 1];
    return first !== undefined && ms - first < limits.withinSeconds * 1000;
  });
  if (!isOpen) return null;
  const rested = granted.ms - bad.at(-1)!;
  if (rested < limits.openSeconds * 1000) return `tried after ${rested} ms`;
  return others.some((one) => isOpenAt(one, granted.turn)) ? 'a second try beside another' : null;
}

/** Since a person last moved it forward: no deeper than the limit, never to where it was taken back from, and once a release. */
export const backTooFar: Judge = (story, layers) =>
  written(story).flatMap((deed) => {
    const { rollback } = deed.request;
    if (!rollback) return [];
    const earlier = written(story).filter(
      (one) => one.request.rollback?.subject === rollback.subject && one.granted.turn < deed.granted.turn,
    );
    const froms = earlier.map(({ request }) => request.rollback!.from);
    const moved = Math.max(
      0,
      ...story.promotions.filter(({ target, at }) => target === rollback.subject && at.turn < deed.granted.turn).map(({ at }) => at.turn),
    );
    const standing = earlier.filter((one) => one.granted.turn > moved && (one.outcome === 'recovered' || one.outcome === null));
    const again = earlier.some((one) => one.request.rollback!.from === rollback.from && one.outcome === 'recovered');
    return [
      ...(froms.includes(rollback.to) ? [`${rollback.subject} in circles to ${rollback.to}`] : []),
      ...(again ? [`${rollback.subject} twice from ${rollback.from}`] : []),
      ...given(layers, ({ rollbackDepth }) => rollbackDepth).flatMap((max) =>
        standing.length >= max ? [`${rollback.subject} ${standing.length + 1} deep of ${max}`] : [],
      ),
    ];
  });

/** Nothing is granted or written while a freeze holds over it. */
export const underAFreeze: Judge = (story) =>
  story.freezes.flatMap(({ of, from, until }) => {
    const isUnder = (deed: Deed, moment: Moment | null) =>
      (of === null || of === deed.request.target.namespace) &&
      moment !== null &&
      moment.turn > from.turn &&
      (until === null || moment.turn < until.turn);
    return story.deeds
      .filter((deed) => isUnder(deed, deed.granted) || isUnder(deed, deed.written))
      .map((deed) => `${deed.request.id} under a freeze`);
  });

/** Where so many targets that fail lately share something, no one of them is changed. */
export const besideAStorm =
  (targets: number, withinSeconds: number): Judge =>
  (story) =>
    story.deeds.flatMap((deed) => {
      const sharing = deed.request.suspects.flatMap(({ name }) => {
        const failing = story.failing.filter(
          ({ of, from, until }) =>
            of.suspects.includes(name) &&
            from.turn < deed.granted.turn &&
            !isBy(until, deed.granted.turn) &&
            deed.granted.ms - from.ms < withinSeconds * 1000,
        );
        return new Set(failing.map(({ of }) => of.target)).size >= targets ? [name] : [];
      });
      return sharing.map((name) => `${deed.request.id} in a storm of ${name}`);
    });
