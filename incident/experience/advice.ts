import type { Mode } from '../mode.ts';
import type { RemedyName } from '../remedy.ts';
import { cureOdds, type Odds, shareOdds } from './odds.ts';
import { agedRow, type Counts, NO_COUNTS, type Row, sumOf } from './row.ts';

/** So many failures, as they are worth now, must have been observed, or been decided on, before a move is proposed. */
const OBSERVED_WANTED = 10;
const DECIDED_WANTED = 5;
const TRIES_WANTED = 5;
/** What must surely be more often than this for a machine to be given more. */
const AGREED_FROM = 0.5;
const APPROVED_FROM = 0.6;
const CURED_FROM = 0.6;
/** What surely cures less often than this is not for a machine alone. */
const CURED_BELOW = 0.5;
/** Harm that is worth less than this by its age is long ago. */
const HARM_FORGOTTEN = 0.5;

/** What is known of a remedy of a runbook, and its mode now. */
export interface Standing {
  readonly remedy: RemedyName;
  readonly mode: Mode;
  /** Of every cause and kind of target, as they are worth now. */
  readonly counts: Counts;
}

/** A move of a remedy from one mode to another, with what speaks for it. */
export interface Advice {
  readonly remedy: RemedyName;
  readonly from: Mode;
  /** The same as `from`: it is to stay. */
  readonly to: Mode;
  /** A sentence each. */
  readonly evidence: readonly string[];
}

/** What is known of a remedy over all causes and kinds of target. */
export function countsOf(rows: readonly Row[], remedy: RemedyName, nowMs: number): Counts {
  return rows
    .filter((row) => row.remedy === remedy)
    .map((row) => agedRow(row, nowMs).counts)
    .reduce((sum, counts) => sumOf(sum, counts, 1), NO_COUNTS);
}

/** Whether a remedy should have another mode, by what was seen under the one it has: a step more freely at a time, and back at once. */
export function adviceFor({ remedy, mode, counts }: Standing): Advice {
  const stay = (...evidence: readonly string[]): Advice => ({ remedy, from: mode, to: mode, evidence });
  const move = (to: Mode, ...evidence: readonly string[]): Advice => ({ remedy, from: mode, to, evidence });
  switch (mode) {
    case 'off':
      return stay('It is off, and nothing is seen of it.');
    case 'observe': {
      const { observed, agreed, text } = observation(counts);
      if (observed < OBSERVED_WANTED) return stay(`${text} ${wanted(OBSERVED_WANTED, 'failures that were observed')}`);
      return agreed.low >= AGREED_FROM
        ? move('approve', text)
        : stay(text, `That others would have done the same is not sure enough (${boundsText(agreed)}).`);
    }
    case 'approve': {
      const { decided, approved, text } = decisions(counts);
      const cured = cureOdds(counts);
      const facts = [text, cures(counts)];
      if (decided >= DECIDED_WANTED && approved.high < 1 - APPROVED_FROM) return move('observe', ...facts);
      if (decided < DECIDED_WANTED || counts.tries < TRIES_WANTED)
        return stay(...facts, wanted(DECIDED_WANTED, 'decisions of people, and as many tries'));
      if (harm(counts) >= HARM_FORGOTTEN) return stay(...facts, 'It did harm not long ago.');
      if (approved.low < APPROVED_FROM || cured.low < CURED_FROM)
        return stay(...facts, `That it is allowed (${boundsText(approved)}), and cures (${boundsText(cured)}), is not sure enough.`);
      return move('auto', ...facts);
    }
    case 'auto': {
      const cured = cureOdds(counts);
      if (counts.tries < TRIES_WANTED || cured.high >= CURED_BELOW) return stay(cures(counts));
      return move('approve', cures(counts), `It surely cures less than every other time (${boundsText(cured)}).`);
    }
    default:
      return mode satisfies never;
  }
}

function observation({ didSame, didOther, didNothing }: Counts): { observed: number; agreed: Odds; text: string } {
  const observed = didSame + didOther + didNothing;
  return {
    observed,
    agreed: shareOdds(didSame, observed),
    text: `Of ${round(observed)} failures that it only observed and that went away, others did the same in ${round(didSame)}, something else in ${round(didOther)}, nothing in ${round(didNothing)}.`,
  };
}

function decisions({ approved, rejected }: Counts): { decided: number; approved: Odds; text: string } {
  const decided = approved + rejected;
  return { decided, approved: shareOdds(approved, decided), text: `People allowed it ${round(approved)} times of ${round(decided)}.` };
}

function cures(counts: Counts): string {
  const { tries, recoveries, relapses, worse, wrong } = counts;
  const harmed = harm(counts) >= HARM_FORGOTTEN ? ` It made ${round(worse)} worse, and people called ${round(wrong)} wrong.` : '';
  return `It cured ${round(Math.max(0, recoveries - relapses))} of ${round(tries)} for good.${harmed}`;
}

function harm({ worse, wrong }: Counts): number {
  return worse + wrong;
}

function wanted(count: number, what: string): string {
  return `Wanted are ${count} ${what}, as they are worth by their age.`;
}

function boundsText({ low, high }: Odds): string {
  return `${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
}

function round(count: number): string {
  return String(Math.round(count * 10) / 10);
}
