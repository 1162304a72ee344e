import { type Verified, verifyTrail } from '../../clients/audit/verify.ts';
import { counted } from '../counted.ts';
import { printable } from '../printable.ts';
import { openProgress } from '../progress.ts';
import type { Anchored } from './compare.ts';
import { bytesOf } from './trail-files.ts';

const FAULTS_SHOWN = 20;

/** What `audit verify` takes. */
export interface VerifyOptions {
  readonly excerpt?: true;
  readonly temporal?: true;
  readonly data: string;
  readonly json?: true;
}

export async function printVerified(files: readonly string[], { excerpt, temporal, data, json }: VerifyOptions): Promise<void> {
  const isExcerpt = excerpt === true;
  const anchors = temporal ? (await import('./anchors.ts')).openAnchors() : null;
  const progress = openProgress('Reading the trail', bytesOf(files));
  const verified = await verifyTrail(files, { isExcerpt, read: progress.advance, line: (line) => anchors?.note(line) });
  const anchored = anchors ? await anchors.compare(data, isExcerpt) : null;
  const isWhole = verified.faults.length === 0 && (anchored?.faults.length ?? 0) === 0;
  process.stdout.write(
    json
      ? `${JSON.stringify({ isWhole, ...verified, histories: anchored })}\n`
      : `${[...verifiedLines(files, verified, isExcerpt), ...historyLines(anchored, isExcerpt)].map(printable).join('\n')}\n`,
  );
  if (!isWhole) process.exitCode = 1;
}

function verifiedLines(files: readonly string[], verified: Verified, isExcerpt: boolean): readonly string[] {
  const { faults, lines, writers, torn, together, elsewhere, from, to } = verified;
  const span = from === null ? '' : `, from ${from} to ${to}`;
  const what = `${counted(lines, 'line')}${isExcerpt ? '' : ` of ${counted(writers, 'writer')}`}${span}, in ${files.join(', ')}`;
  if (faults.length > 0)
    return [
      `Broken: ${faults.length} of ${what}.`,
      ...faults.slice(0, FAULTS_SHOWN).map(({ file, line, kind, text }) => `${file}:${line} ${kind}: ${text}`),
      ...(faults.length > FAULTS_SHOWN ? [`and ${faults.length - FAULTS_SHOWN} more; --json tells all.`] : []),
    ];
  return [
    isExcerpt ? `As written: ${what}. Whether lines are missing an excerpt cannot tell.` : `Whole: ${what}.`,
    ...(torn > 0 ? [`Cut off when its writer was stopped over it, as the line after says: ${counted(torn, 'line')}.`] : []),
    ...(together > 0 ? [`Written while another process wrote: ${counted(together, 'line')}.`] : []),
    ...elsewhere.map(
      (hash) => `It goes on from a line in another file, with the hash ${hash}: name that file before this one to have both checked.`,
    ),
  ];
}

function historyLines(anchored: Anchored | null, isExcerpt: boolean): readonly string[] {
  if (anchored === null) return isExcerpt ? [] : ['Whether its end was cut off the histories of incidents can tell: add --temporal.'];
  const { faults, workflows, hashes, unreachable } = anchored;
  return [
    faults.length === 0
      ? `As in the histories of ${counted(workflows, 'workflow')}, which know ${counted(hashes, 'line')} of it.`
      : `Not as in the histories of ${counted(workflows, 'workflow')}: ${counted(faults.length, 'line')}.`,
    ...faults.slice(0, FAULTS_SHOWN).map(({ kind, text }) => `${kind}: ${text}`),
    ...(faults.length > FAULTS_SHOWN ? [`and ${faults.length - FAULTS_SHOWN} more; --json tells all.`] : []),
    ...(unreachable > 0 ? [`Of workflows whose histories Temporal has no more: ${counted(unreachable, 'line')}.`] : []),
  ];
}
