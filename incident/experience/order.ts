import { curedText } from './cured-text.ts';
import { cureOdds, firstCureOdds, harmOdds, provenCureOdds } from './odds.ts';
import { agedRow, type Row } from './row.ts';

/** One time it makes things worse outweighs two cures. */
const HARM_WEIGHT = 2;
/** A remedy that surely cures less often than this is left out. */
const HOPELESS_BELOW = 0.15;
/** What was seen on one target alone says nothing of others. */
const TARGETS_WANTED = 2;

/** What a runbook lets experience change of the order in which remedies are tried. */
export interface OrderRules {
  /** A remedy may be tried before a milder one. */
  readonly reorder: boolean;
  /** A remedy that does not help may be left out. */
  readonly skip: boolean;
  /** So many tries, as they are worth now, say something. */
  readonly triesMin: number;
}

/** How long a try takes. */
export interface TryTimes {
  /** How long a target must stay well to count as recovered. */
  readonly stableSeconds: number;
  /** How long health is waited for, and the pause after a try in vain. */
  readonly inVainSeconds: number;
}

/** A remedy that is not tried, and why. */
interface LeftOut<R extends string> {
  readonly rung: R;
  readonly why: string;
}

/** The remedies in the order in which they are tried. */
export interface Ordered<R extends string> {
  readonly rungs: readonly R[];
  readonly leftOut: readonly LeftOut<R>[];
  /** Why it is not the runbook's order, a sentence each. */
  readonly why: readonly string[];
}

/** What is known of the remedies for one cause on one kind of target. */
export interface Known {
  readonly rows: readonly Row[];
  /** As `targetText` writes it. */
  readonly target: string;
  readonly nowMs: number;
}

/**
 * The remedies as experience orders them: always the very ones that are given, or some of them, and the given order wherever it does not
 * speak clearly. One overtakes a milder one where even its lower bound beats what is to be expected of that one, in cures and in cures by
 * the minute; one is left out where even its upper bound is hopeless.
 */
export function orderRungs<R extends string>(rungs: readonly R[], known: Known, rules: OrderRules, times: TryTimes): Ordered<R> {
  const rowOf = (rung: R) => {
    const row = known.rows.find(({ remedy }) => remedy === rung);
    return row && isOfMany(row, known.target) ? agedRow(row, known.nowMs) : undefined;
  };
  const leftOut = rules.skip ? rungs.flatMap((rung) => leftOutBy(rung, rowOf(rung), rules)) : [];
  const rest = rungs.filter((rung) => !leftOut.some((one) => one.rung === rung));
  return { leftOut, ...(rules.reorder ? reordered(rest, rowOf, rules, times) : { rungs: rest, why: [] }) };
}

function isOfMany({ targets }: Row, target: string): boolean {
  return targets.length >= TARGETS_WANTED || targets.includes(target);
}

function leftOutBy<R extends string>(rung: R, row: Row | undefined, { triesMin }: OrderRules): LeftOut<R>[] {
  if (row === undefined || row.counts.tries < triesMin) return [];
  const best = cureOdds(row.counts).high - HARM_WEIGHT * harmOdds(row.counts).low;
  return best < HOPELESS_BELOW ? [{ rung, why: `${rung} is left out, since it ${curedText(row)}.` }] : [];
}

/** Each remedy, the mildest first, moves before those directly before it that it surely beats. */
function reordered<R extends string>(
  rungs: readonly R[],
  rowOf: (rung: R) => Row | undefined,
  rules: OrderRules,
  times: TryTimes,
): Pick<Ordered<R>, 'rungs' | 'why'> {
  const order: R[] = [];
  const why: string[] = [];
  for (const rung of rungs) {
    let place = order.length;
    while (place > 0 && beats(rowOf(rung), rowOf(order[place - 1]!), rules, times)) place--;
    const overtaken = order.slice(place);
    order.splice(place, 0, rung);
    if (overtaken.length > 0) why.push(whyBefore(rung, overtaken, rowOf));
  }
  return { rungs: order, why };
}

function beats(strong: Row | undefined, mild: Row | undefined, { triesMin }: OrderRules, times: TryTimes): boolean {
  if (strong === undefined || mild === undefined) return false;
  // Of a remedy that is no longer tried first the first tries grow old, so that it is given another chance.
  if (strong.counts.tries < triesMin || mild.counts.firstTries < triesMin) return false;
  const proven = provenCureOdds(strong.counts).low;
  const expected = firstCureOdds(mild.counts).mean;
  const provenWorth = proven - HARM_WEIGHT * harmOdds(strong.counts).high;
  const expectedWorth = expected - HARM_WEIGHT * harmOdds(mild.counts).mean;
  const isSooner = provenWorth / minutesOf(strong, proven, times) > expectedWorth / minutesOf(mild, expected, times);
  return proven > expected && provenWorth > expectedWorth && isSooner;
}

/** How long a try takes, cure or not. */
function minutesOf({ recoveryTimes }: Row, rate: number, { stableSeconds, inVainSeconds }: TryTimes): number {
  const seconds = recoveryTimes.map((one) => one.seconds);
  const mean = seconds.length === 0 ? inVainSeconds : seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
  return Math.max(1, rate * (mean + stableSeconds) + (1 - rate) * inVainSeconds) / 60;
}

function whyBefore<R extends string>(rung: R, overtaken: readonly R[], rowOf: (rung: R) => Row | undefined): string {
  const others = overtaken.map((one) => `${one} ${curedText(rowOf(one)!)}`).join(', and ');
  return `${rung} is tried before ${overtaken.join(' and ')}, since it ${curedText(rowOf(rung)!)}, and ${others}.`;
}
