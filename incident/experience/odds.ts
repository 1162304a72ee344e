import type { Counts } from './row.ts';

/** How likely something is: the best guess, and bounds that it is within nineteen times in twenty on either side. */
export interface Odds {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A normal variable is so many deviations above its mean once in twenty times. */
const DEVIATIONS = 1.645;
/** What is thought of a cure before anything was seen: as likely as not, and it weighs as much as two tries. */
const CURE_BEFORE = { yes: 1, no: 1 } as const;
/** What is thought of harm before anything was seen: one time in twenty, and it weighs as much as four tries. */
const HARM_BEFORE = { yes: 0.2, no: 3.8 } as const;

/** How likely a remedy cures for good. What cannot be told is no cure and no failure. */
export function cureOdds({ tries, recoveries, relapses, right }: Counts): Odds {
  return oddsOf(recoveries - relapses + right, tries + right, CURE_BEFORE);
}

/** The same by the tries before which nothing else was tried. */
export function firstCureOdds({ firstTries, firstCures }: Counts): Odds {
  return oddsOf(firstCures, firstTries, CURE_BEFORE);
}

/** The same for one that has to prove itself: what cannot be told counts as a failure. */
export function provenCureOdds({ tries, recoveries, relapses, right, unknown }: Counts): Odds {
  return oddsOf(recoveries - relapses + right, tries + right + unknown, CURE_BEFORE);
}

/** How likely a remedy makes it worse, by what was seen or by what people say. */
export function harmOdds({ tries, unknown, worse, wrong }: Counts): Odds {
  return oddsOf(worse + wrong, tries + unknown, HARM_BEFORE);
}

/** How often something comes about that did so so many times. */
export function shareOdds(times: number, of: number): Odds {
  return oddsOf(times, of, CURE_BEFORE);
}

/** Of a Beta distribution, by its mean and its deviation: roots alone, so that every machine finds the same. */
function oddsOf(times: number, of: number, before: { readonly yes: number; readonly no: number }): Odds {
  const within = Math.min(Math.max(times, 0), of);
  const yes = within + before.yes;
  const all = of + before.yes + before.no;
  const mean = yes / all;
  const deviation = Math.sqrt((mean * (1 - mean)) / (all + 1));
  return { mean, low: Math.max(0, mean - DEVIATIONS * deviation), high: Math.min(1, mean + DEVIATIONS * deviation) };
}
