import { isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { type Mode, type ModeException, modeFor } from '../incident/mode.ts';
import type { RemedyName } from '../incident/remedy.ts';
import { parseRunbook } from './load.ts';
import type { Runbook } from './schema.ts';

/** A part of a text, and what is to stand there. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The mode of a remedy wherever no exception of a namespace holds. */
export function modeElsewhere({ mode, modes }: Pick<Runbook, 'mode' | 'modes'>, remedy: RemedyName): Mode {
  return modeFor({ mode, modes: modes.filter(({ namespaces }) => namespaces === undefined) }, '', remedy);
}

/**
 * The text of a runbook in which a remedy has this mode wherever no exception of a namespace holds. All else stays as it is written.
 * @throws when the text is no runbook without fault
 */
export function withModeOf(text: string, remedy: RemedyName, mode: Mode): string {
  const [runbook] = parseRunbook('', text).runbooks;
  if (runbook === undefined) throw new Error('Cannot change the mode of a remedy in a runbook that has faults.');
  const map = parseDocument(text).contents as YAMLMap<Node, Node>;
  const edited = applied(text, editsFor(text, map, runbook, remedy, mode));
  const [after] = parseRunbook('', edited).runbooks;
  if (after === undefined || modeElsewhere(after, remedy) !== mode)
    throw new Error(`Cannot write the mode ${mode} for ${remedy} into the runbook ${runbook.name}: write it by hand.`);
  return edited;
}

function editsFor(text: string, map: YAMLMap<Node, Node>, { modes }: Runbook, remedy: RemedyName, mode: Mode): readonly Edit[] {
  const isFor = ({ namespaces, remedies }: ModeException) => namespaces === undefined && remedies?.some((name) => name === remedy);
  const own = { remedies: [remedy], mode } as ModeException;
  const node = map.get('modes', true);
  const written = isSeq(node) ? (node.items as Node[]) : [];
  if (!isSeq(node) || node.flow || written.length === 0) return [wholeList(text, map, [...without(modes, remedy), own])];
  // What names it and others beside it goes on for those.
  const edits = modes.flatMap((one, index): Edit[] => {
    if (!isFor(one)) return [];
    const [from, to] = [written[index]!.range![0], endOf(text, written[index]!)];
    const [left] = without([one], remedy);
    return left === undefined ? [{ from: lineStart(text, from), to: lineEnd(text, to), text: '' }] : [{ from, to, text: itemText(left) }];
  });
  const last = written.at(-1)!;
  const indent = text.slice(lineStart(text, last.range![0]), last.range![0]).replace(/-.*/s, '');
  const end = lineEnd(text, endOf(text, last));
  return [...edits, { from: end, to: end, text: `${newlineBefore(text, end)}${indent}- ${itemText(own)}\n` }];
}

/** Written anew as a whole; where there was none, below the mode. */
function wholeList(text: string, map: YAMLMap<Node, Node>, modes: readonly ModeException[]): Edit {
  const pairOf = (key: string) => map.items.find((pair) => String(pair.key) === key);
  const there = pairOf('modes');
  const lines = `modes:\n${modes.map((one) => `  - ${itemText(one)}\n`).join('')}`;
  if (isSeq(there?.value)) {
    const end = lineEnd(text, endOf(text, there!.value as Node));
    return { from: lineStart(text, (there!.key as Node).range![0]), to: end, text: lines };
  }
  const above = pairOf('mode') ?? pairOf('failureType')!;
  const end = lineEnd(text, endOf(text, above.value as Node));
  return { from: end, to: end, text: `${newlineBefore(text, end)}${lines}` };
}

/** The exceptions without this remedy where they hold for every namespace; those that are left with none go. */
function without(modes: readonly ModeException[], remedy: RemedyName): readonly ModeException[] {
  return modes.flatMap((one) => {
    if (one.namespaces !== undefined || one.remedies === undefined) return [one];
    const remedies = one.remedies.filter((name) => name !== remedy);
    return remedies.length === 0 ? [] : [{ ...one, remedies }];
  });
}

function itemText({ namespaces, remedies, mode }: ModeException): string {
  const list = (names: readonly string[]) => `[${names.map((name) => (name.includes('*') ? `'${name}'` : name)).join(', ')}]`;
  const parts = [...(namespaces ? [`namespaces: ${list(namespaces)}`] : []), ...(remedies ? [`remedies: ${list(remedies)}`] : [])];
  return `{ ${[...parts, `mode: ${mode}`].join(', ')} }`;
}

function applied(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((one, other) => other.from - one.from)
    .reduce((soFar, { from, to, text: put }) => `${soFar.slice(0, from)}${put}${soFar.slice(to)}`, text);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Where what is written of a node ends: a block goes on to what stands below it. */
function endOf(text: string, { range }: Node): number {
  const [from, to] = range!;
  return from + text.slice(from, to).trimEnd().length;
}

/** Behind the line's end. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

function newlineBefore(text: string, at: number): string {
  return at > 0 && text[at - 1] !== '\n' ? '\n' : '';
}
