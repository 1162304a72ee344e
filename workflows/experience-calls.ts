import { CAUSES, type CauseKind } from '../incident/cause.ts';
import type { Judgement } from '../incident/experience/lesson.ts';
import type { Experience } from '../incident/experience/record.ts';
import { readExperience } from '../incident/experience/soundness.ts';
import type { Person } from '../incident/person.ts';
import { REMEDIES, type Rung } from '../incident/remedy.ts';
import { readCaller } from './caller.ts';

const TEXT_CHARACTERS_MAX = 300;
const ID_CHARACTERS_MAX = 1_000;

/** A person's word on an incident, understood. */
export interface JudgeSaid {
  readonly incident: string;
  /** Null: its newest. */
  readonly run: string | null;
  readonly judgement: Judgement;
  readonly who: Person;
}

/** @throws a sentence that names the field when it cannot be understood; a slip must not say something else */
export function readJudge(call: unknown, nowMs: number): JudgeSaid {
  const given = fields(call, ['incident', 'run', 'says', 'cause', 'remedy', 'by', 'reason'], {
    ...{ incident: 'outage/prod/ml/Deployment/ranker', says: 'wrong' },
  });
  const says = choice('says', given.says, ['right', 'wrong']);
  const cause = causeOf(given.cause);
  if (says === null && cause === null) throw new Error('Cannot understand a word that says nothing: give "says", "cause" or both.');
  const who = readCaller(given.by);
  return {
    incident: text('incident', given.incident, ID_CHARACTERS_MAX),
    run: given.run === undefined || given.run === null ? null : text('run', given.run),
    judgement: { says, remedy: remedyOf(given.remedy), cause, by: who.name, reason: text('reason', given.reason), atMs: nowMs },
    who,
  };
}

/** What is to be forgotten, understood; null stands for every one. */
export interface ResetSaid {
  readonly cause: CauseKind | null;
  readonly remedy: Rung | null;
  readonly reason: string;
  readonly who: Person;
}

/** @throws a sentence that names the field when it cannot be understood. Nothing is never everything: that has to be said. */
export function readReset(call: unknown): ResetSaid {
  const given = fields(call, ['cause', 'remedy', 'all', 'by', 'reason'], { cause: 'flake', remedy: 'restart' });
  const { all } = given;
  if (all !== undefined && all !== true) throw new Error('Cannot understand "all": it must be true, or left out.');
  const [cause, remedy] = [causeOf(given.cause), remedyOf(given.remedy)];
  if ((cause === null && remedy === null) !== (all === true))
    throw new Error('Cannot understand what is to be forgotten: give "cause", "remedy" or both, or "all": true alone.');
  return { cause, remedy, reason: text('reason', given.reason), who: readCaller(given.by) };
}

/** What is to be taken over, understood. */
export interface ImportSaid {
  readonly experience: Experience;
  readonly way: 'merge' | 'replace';
  readonly reason: string;
  readonly who: Person;
}

/** @throws a sentence that names the field, and the place in what is to be taken over, when it cannot be understood */
export function readImport(call: unknown): ImportSaid {
  const given = fields(call, ['experience', 'way', 'by', 'reason'], { way: 'merge', experience: { rows: [], incidents: [] } });
  const way = choice('way', given.way, ['merge', 'replace']);
  if (way === null) throw new Error('Cannot understand "way": it must be merge or replace.');
  const experience = readExperience(given.experience, 'experience');
  return { way, experience, reason: text('reason', given.reason), who: readCaller(given.by) };
}

function fields(call: unknown, known: readonly string[], example: object): Readonly<Record<string, unknown>> {
  if (typeof call !== 'object' || call === null || Array.isArray(call)) {
    const shown = JSON.stringify({ ...example, by: 'anna', reason: '…' });
    throw new Error(`Cannot understand ${JSON.stringify(call)?.slice(0, 100) ?? 'nothing'}: it must be an object such as ${shown}.`);
  }
  const unknown = Object.keys(call).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`Cannot understand "${unknown.slice(0, 100)}": only ${known.join(', ')} may be given.`);
  return call as Readonly<Record<string, unknown>>;
}

function causeOf(value: unknown): CauseKind | null {
  return choice('cause', value, Object.keys(CAUSES) as CauseKind[]);
}

function remedyOf(value: unknown): Rung | null {
  return choice('remedy', value, REMEDIES);
}

function choice<T extends string>(key: string, value: unknown, words: readonly T[]): T | null {
  if (value === undefined || value === null) return null;
  const found = words.find((one) => one === value);
  if (found === undefined) throw new Error(`Cannot understand "${key}": it must be one of ${words.join(', ')}, or left out.`);
  return found;
}

function text(key: string, value: unknown, charactersMax = TEXT_CHARACTERS_MAX): string {
  if (typeof value === 'string' && value.trim() !== '' && value.length <= charactersMax && !/\p{Cc}/u.test(value)) return value.trim();
  throw new Error(`Cannot understand "${key}": it must be one line of 1 to ${charactersMax} characters.`);
}
