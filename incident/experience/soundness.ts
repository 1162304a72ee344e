import { CAUSES } from '../cause.ts';
import { PEOPLE_DID } from '../people-did.ts';
import { REMEDIES } from '../remedy.ts';
import { TARGET_KINDS } from '../target.ts';
import { TRY_ENDS } from './lesson.ts';
import { ACTS_MAX, type Experience, INCIDENTS_MAX, ROWS_MAX, TARGETS_MAX, TIMES_MAX } from './record.ts';
import { COUNT_NAMES } from './row.ts';

/** What is wrong with a value at a place, as a sentence; null where nothing is. */
type Check = (value: unknown, at: string) => string | null;

const TEXT_CHARACTERS_MAX = 1_000;
const COUNT_MAX = 1_000_000_000;
/** Later ones cannot be written as a date. */
const TIME_MAX_MS = Date.UTC(9999, 0);

const text: Check = (value, at) =>
  typeof value === 'string' && value.length > 0 && value.length <= TEXT_CHARACTERS_MAX
    ? null
    : `${at} must be a text of 1 to ${TEXT_CHARACTERS_MAX} characters.`;
const flag: Check = (value, at) => (typeof value === 'boolean' ? null : `${at} must be true or false.`);
const upTo =
  (max: number): Check =>
  (value, at) =>
    typeof value === 'number' && value >= 0 && value <= max ? null : `${at} must be a number from 0 to ${max}.`;
const oneOf =
  (words: readonly string[]): Check =>
  (value, at) =>
    typeof value === 'string' && words.includes(value) ? null : `${at} must be one of ${words.join(', ')}.`;
const orNull =
  (check: Check): Check =>
  (value, at) =>
    value === null ? null : check(value, at);
const listOf =
  (check: Check, max: number): Check =>
  (value, at) => {
    if (!Array.isArray(value) || value.length > max) return `${at} must be a list of at most ${max}.`;
    return firstOf(value.map((one, index) => () => check(one, `${at}[${index}]`)));
  };
const shape =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} must be an object.`;
    const unknown = Object.keys(value).find((key) => !Object.hasOwn(checks, key));
    if (unknown !== undefined) return `${at} must not have "${unknown.slice(0, 100)}".`;
    const of = value as Readonly<Record<string, unknown>>;
    return firstOf(
      Object.entries(checks).map(
        ([key, check]) =>
          () =>
            check(of[key], `${at}.${key}`),
      ),
    );
  };

const time = upTo(TIME_MAX_MS);
const seconds = upTo(TIME_MAX_MS / 1000);
const cause = oneOf(Object.keys(CAUSES));
const remedy = oneOf([...REMEDIES, 'freezePromotions', 'retrain']);
const kind = oneOf(TARGET_KINDS);
const measured = listOf(shape({ atMs: time, seconds }), TIMES_MAX);

const row = shape({
  ...{ cause, remedy, kind, asOfMs: time },
  counts: shape(Object.fromEntries(COUNT_NAMES.map((name) => [name, upTo(COUNT_MAX)]))),
  ...{ recoveryTimes: measured, returnTimes: measured, targets: listOf(text, TARGETS_MAX) },
});

const incident = shape({
  ...{ incident: text, run: text, target: shape({ cluster: text, namespace: text, kind, name: text }) },
  ...{ openedMs: time, curedMs: orNull(time), learnedMs: time, relapseSeconds: seconds, returnedAfterSeconds: orNull(seconds) },
  tried: listOf(shape({ cause, remedy, end: oneOf(TRY_ENDS), seconds: orNull(seconds), isFirst: flag }), ACTS_MAX),
  decisions: listOf(shape({ cause, remedy, answer: oneOf(['approved', 'rejected']) }), ACTS_MAX),
  observed: orNull(shape({ cause, remedy, did: oneOf(PEOPLE_DID) })),
  judgement: orNull(
    shape({
      ...{ says: orNull(oneOf(['right', 'wrong'])), remedy: orNull(remedy), cause: orNull(cause) },
      ...{ by: text, reason: text, atMs: time },
    }),
  ),
});

const experience = shape({ rows: listOf(row, ROWS_MAX), incidents: listOf(incident, INCIDENTS_MAX) });

/** What was exported, read again. @throws a sentence that names the place where it is not what it should be */
export function readExperience(value: unknown, at: string): Experience {
  const fault = experience(value, at);
  if (fault !== null) throw new Error(fault);
  return value as Experience;
}

function firstOf(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const fault = check();
    if (fault !== null) return fault;
  }
  return null;
}
