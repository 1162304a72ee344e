import type { Board } from '../../guards/board.ts';
import { liftCommand } from '../../guards/ledger/demotions.ts';
import { type Advice, adviceFor, countsOf } from '../../incident/experience/advice.ts';
import type { Experience } from '../../incident/experience/record.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import { modeElsewhere, withModeOf } from '../../runbooks/edit-mode.ts';
import { faultText } from '../../runbooks/fault.ts';
import { loadRunbooks, type RunbookFile } from '../../runbooks/load.ts';
import { readAll } from '../experience/show.ts';
import { withDesk } from '../guards/desk.ts';
import { printable } from '../printable.ts';
import { unifiedDiff } from './unified-diff.ts';

/** What `advise` takes. */
export interface AdviseOptions {
  readonly data: string;
  readonly runbooks: string;
  readonly diff?: true;
  readonly json?: true;
}

/** What is advised for one remedy of one runbook. */
interface Proposal extends Advice {
  readonly runbook: string;
  readonly file: string;
  /** The change of the file, as `git apply` takes it; empty where the remedy is to stay as it is. */
  readonly diff: string;
}

type Demotions = Board['demotions'];

/** @throws one sentence when runbooks are faulty, Temporal is away, or no worker answers */
export async function giveAdvice(only: readonly string[], { data, runbooks: folder, diff, json }: AdviseOptions): Promise<void> {
  const files = filesIn(folder, only);
  const { cluster, all } = await readAll(data, undefined);
  const demotions = await withDesk({ data }, async ({ desk }) => (await desk.board()).demotions);
  const known = new Map(all.map(({ failureType, experience }) => [failureType, experience]));
  const proposals = files.flatMap((file) => proposalsFor(file, known, Date.now())).filter((one) => isMeant(one, only));
  if (diff) return printDiff(proposals);
  const moving = proposals.filter(({ from, to }) => from !== to);
  const staying = proposals.filter(({ from, to }) => from === to);
  process.stdout.write(
    json ? `${JSON.stringify({ cluster, proposals: moving, staying, demotions })}\n` : adviceText(cluster, moving, staying, demotions),
  );
}

function filesIn(folder: string, only: readonly string[]): readonly RunbookFile[] {
  const { files, faults } = loadRunbooks(folder);
  if (faults.length > 0) throw new Error(`Cannot advise on faulty runbooks:\n${faults.map((one) => `  ${faultText(one)}`).join('\n')}`);
  const names = files.flatMap(({ runbook: { name, remedies } }) => remedies.map((remedy) => `${name}/${remedy}`));
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`No runbook in ${folder} has "${printable(unknown)}". There are: ${names.join(', ')}.`);
  return files;
}

function isMeant({ runbook, remedy }: Proposal, only: readonly string[]): boolean {
  return only.length === 0 || only.includes(`${runbook}/${remedy}`);
}

function proposalsFor({ path, text, runbook }: RunbookFile, known: ReadonlyMap<FailureType, Experience>, nowMs: number): Proposal[] {
  const rows = known.get(runbook.failureType)?.rows ?? [];
  return runbook.remedies.map((remedy) => {
    const advice = adviceFor({ remedy, mode: modeElsewhere(runbook, remedy), counts: countsOf(rows, remedy, nowMs) });
    const after = advice.from === advice.to ? text : withModeOf(text, remedy, advice.to);
    return { runbook: runbook.name, file: path, ...advice, diff: unifiedDiff(path, text, after) };
  });
}

function printDiff(proposals: readonly Proposal[]): void {
  const [first, ...others] = proposals.filter(({ from, to }) => from !== to);
  if (first === undefined) throw new Error('There is nothing to change: no other mode is proposed.');
  // Each is made for the file as it is now.
  if (others.length > 0) throw new Error(`Several changes are proposed: name one of ${[first, ...others].map(nameOf).join(', ')}.`);
  process.stdout.write(first.diff);
}

function nameOf({ runbook, remedy }: Proposal): string {
  return `${runbook}/${remedy}`;
}

function adviceText(cluster: string, moving: readonly Proposal[], staying: readonly Proposal[], demotions: Demotions): string {
  const moves = moving.flatMap((one) => [
    `${nameOf(one)}: ${one.from} → ${one.to}`,
    ...one.evidence.map((line) => `  ${line}`),
    '',
    one.diff,
  ]);
  const demoted = demotions.flatMap(({ name, why, sinceMs }) => [
    `${name}, since ${new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${printable(why)}.`,
    `  A person lifts it: ${liftCommand(name)}`,
  ]);
  return [
    ...(moves.length > 0 ? moves : [`Nothing is to be changed in cluster ${printable(cluster)}.`, '']),
    ...(demoted.length > 0 ? ['Demoted, so that a person must allow it each time:', ...demoted, ''] : []),
    ...(staying.length > 0 ? ['As it is:', ...staying.map((one) => `  ${nameOf(one)} (${one.to}): ${one.evidence.join(' ')}`)] : []),
    '',
  ].join('\n');
}
