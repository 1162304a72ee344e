import type { DeclaredTest } from './declared.ts';
import type { Property } from './table.ts';
import { provenBy } from './title.ts';

/** One test as jest ran it. */
export interface TestRun {
  readonly file: string;
  /** Its full name. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
}

/** What jest did: its tests, and the files it could not run at all. */
export interface Results {
  readonly tests: readonly TestRun[];
  readonly unrunnable: readonly string[];
}

/** Whether a property holds, by the tests that prove it. */
export interface Judgement {
  readonly property: number;
  readonly text: string;
  readonly held: boolean;
  readonly tests: readonly TestRun[];
}

/** It holds when a test of it passed and none failed. A test of a file that could not be run has failed; one that was skipped says nothing. */
export function judge({ number, text }: Property, declared: readonly DeclaredTest[], { tests, unrunnable }: Results): Judgement {
  const ran = tests.filter(({ name }) => provenBy(name).includes(number));
  const silent = declared.filter(({ file, properties }) => properties.includes(number) && !ran.some((one) => one.file === file));
  const notRun = silent.map(({ file, name }): TestRun => ({ file, name, status: unrunnable.includes(file) ? 'failed' : 'skipped' }));
  const all = [...ran, ...notRun];
  const held = all.some(({ status }) => status === 'passed') && all.every(({ status }) => status !== 'failed');
  return { property: number, text, held, tests: all };
}

/** One line: the tests that hold it, or those that broke, or why none tells. */
export function judgementLine({ property, held, tests }: Judgement): string {
  if (tests.length === 0) return `${property} broken no test`;
  const telling = tests.filter(({ status }) => status === (held ? 'passed' : 'failed'));
  if (telling.length === 0) return `${property} broken did not run`;
  return `${property} ${held ? 'held' : 'broken'} ${telling.map(({ name }) => name.replace(/\s+/g, ' ')).join('; ')}`;
}

/** 0 when every property holds, and 1 otherwise. */
export function exitCodeFor(judgements: readonly Judgement[]): number {
  return judgements.every(({ held }) => held) ? 0 : 1;
}
