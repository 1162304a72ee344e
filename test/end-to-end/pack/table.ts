import type { Judgement, Played } from '../../../drills/judge.ts';
import type { PackedScenario } from './read-pack.ts';

/** A scenario, what came of it, and what is said of that. */
export interface Row {
  readonly scenario: PackedScenario;
  readonly played: Played;
  readonly judgement: Judgement;
}

/** One line of the pack as others read it. */
interface Reported {
  readonly name: string;
  readonly file: string;
  readonly failureType: string;
  readonly expected: PackedScenario['expect'];
  readonly cause: string | null;
  readonly end: string;
  readonly right: boolean;
  readonly actions: number;
  readonly wrongActions: number;
  readonly seconds: number | null;
  readonly said: string | null;
  /** Why it is not right; empty where it is. */
  readonly why: readonly string[];
}

/** All that was found, for programs. */
export interface Report {
  readonly scenarios: readonly Reported[];
  readonly total: number;
  readonly right: number;
  readonly healedWithoutPerson: number;
  readonly wrongActions: number;
}

/** @param strayWrites writes to what is in no namespace and no scenario lets be changed */
export function reportOf(rows: readonly Row[], strayWrites: number): Report {
  const scenarios = rows.map(({ scenario, played, judgement }): Reported => {
    const { name, file, failureType, expect } = scenario;
    const { cause, end, seconds, said, writes } = played;
    const { right, wrongActions, why } = judgement;
    return { name, file, failureType, expected: expect, cause, end, right, actions: writes.length, wrongActions, seconds, said, why };
  });
  return {
    scenarios,
    total: rows.length,
    right: rows.filter(({ judgement }) => judgement.right).length,
    healedWithoutPerson: rows.filter(
      ({ scenario, judgement }) => scenario.expect.end === 'healed' && !scenario.decide && judgement.endRight,
    ).length,
    wrongActions: rows.reduce((sum, { judgement }) => sum + judgement.wrongActions, strayWrites),
  };
}

const HEAD = ['scenario', 'failure type', 'right cause', 'right end', 'seconds', 'actions', 'wrong actions'];

/** The pack as people read it: a line for each scenario, why some are not right, and what it comes to. */
export function tableOf(rows: readonly Row[], strayWrites: number): string {
  const cells = rows.map(({ scenario: { name, failureType, expect }, played, judgement }) => [
    name,
    failureType,
    judgement.causeRight ? expect.cause : `NO: ${played.cause ?? 'none'}`,
    judgement.endRight ? expect.end : `NO: ${played.end}`,
    played.seconds?.toFixed(1) ?? '-',
    String(played.writes.length),
    String(judgement.wrongActions),
  ]);
  const { total, right, healedWithoutPerson, wrongActions } = reportOf(rows, strayWrites);
  const wrong = rows.filter(({ judgement }) => !judgement.right);
  const reasons = wrong.map(({ scenario, judgement }) => `  ${scenario.file}: ${judgement.why.join('; ')}\n`);
  return [
    columns([HEAD, ...cells]),
    ...(wrong.length > 0 ? ['\nNot right:\n', ...reasons] : []),
    `\n${right} of ${total} are right; ${healedWithoutPerson} were healed without a person; ${wrongActions} wrong actions.\n`,
  ].join('');
}

/** Of the baseline: how many faults it heals, and where it acted though nothing was to be done. */
export function baselineTable(rows: readonly Row[]): string {
  const faults = rows.filter(({ scenario }) => scenario.expect.end !== 'leftAlone');
  const healed = faults.filter(({ played }) => played.end === 'healed').length;
  const quiet = rows.filter(({ scenario }) => scenario.expect.end === 'leftAlone');
  const disturbed = quiet.filter(({ played }) => played.remedies.length > 0).length;
  const cells = rows.map(({ scenario, played }) => [
    scenario.name,
    scenario.expect.remedy ?? scenario.expect.end,
    played.end === 'healed' ? 'well' : played.end === 'notPlayed' ? `not played: ${played.failing[0]}` : 'not well',
    String(played.remedies.length),
  ]);
  return [
    columns([['scenario', 'takes', 'after restarts alone', 'restarts'], ...cells]),
    `\nRestarts alone heal ${healed} of ${faults.length} faults, and disturb ${disturbed} of ${quiet.length} targets that should be left alone.\n`,
  ].join('');
}

function columns(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
