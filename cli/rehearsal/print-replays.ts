import { existsSync } from 'node:fs';
import { inParallel } from '../../clients/in-parallel.ts';
import { type RecordedFile, readRecorded, writeAgain, writeRecorded } from '../../rehearsal/recorded/files.ts';
import type { RecordedIncident } from '../../rehearsal/recorded/recorded.ts';
import { type Replay, type ReplayRules, replay } from '../../rehearsal/recorded/replay.ts';
import { faultText } from '../../runbooks/fault.ts';
import { type LoadedRunbooks, loadRunbooks } from '../../runbooks/load.ts';
import { counted } from '../counted.ts';
import { USAGE_EXIT_CODE } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { openProgress } from '../progress.ts';
import { onStage } from './on-stage.ts';
import { recordedIncidents, type Unplayed } from './recorded-incidents.ts';
import { replaysText } from './replays-text.ts';

const AT_ONCE = 4;

/** What `replay` takes. */
export interface ReplayOptions {
  readonly run?: string;
  readonly since?: number;
  readonly runbooks: string;
  readonly runbook?: string;
  readonly pinned?: true;
  readonly export?: string;
  readonly accept?: true;
  readonly json?: true;
  readonly data: string;
}

/** Plays recorded incidents, or writes them down, and prints what came of it. */
export async function printReplays(named: readonly string[], options: ReplayOptions): Promise<void> {
  const wrong = whatIsWrong(named, options);
  if (wrong !== null) {
    process.stderr.write(`${wrong}\n`);
    process.exitCode = USAGE_EXIT_CODE;
    return;
  }
  const files = named.filter((one) => existsSync(one)).flatMap(readRecorded);
  const ids = named.filter((one) => !existsSync(one));
  const { recorded, unplayed } = await recordedIncidents(ids, options);
  if (options.export !== undefined) return exportAll(recorded, unplayed, options.export, options.json === true);
  const loaded = loadedOf(options.runbooks);
  const rules = rulesOf(options, loaded);
  const all: readonly (RecordedIncident | RecordedFile)[] = [...files, ...recorded];
  const replays = all.length === 0 ? [] : await playAll(all.map(incidentOf), loaded, rules);
  if (options.accept) for (const [index, file] of files.entries()) accept(file, replays[index]!);
  process.stdout.write(options.json ? `${JSON.stringify({ replays, unplayed })}\n` : replaysText(replays, unplayed));
  const isAccepted = options.accept === true && recorded.length === 0;
  if (unplayed.length > 0 || (!isAccepted && replays.some(({ same }) => !same))) process.exitCode = 1;
}

function whatIsWrong(named: readonly string[], { since, run, export: folder, accept }: ReplayOptions): string | null {
  if (named.length === 0 && since === undefined) return 'Say which incidents: their ids, files that --export wrote, or --since.';
  if (run !== undefined && named.length !== 1) return 'One run is of one incident: name that incident alone with --run.';
  if (folder !== undefined && named.some((one) => existsSync(one))) return '--export writes incidents of Temporal, and not files anew.';
  if (accept && !named.some((one) => existsSync(one))) return '--accept writes into files that --export wrote: name them.';
  return null;
}

function exportAll(recorded: readonly RecordedIncident[], unplayed: readonly Unplayed[], folder: string, json: boolean): void {
  const files = recorded.map((one) => writeRecorded(folder, one));
  const lines = [
    ...files,
    ...unplayed.map(({ why }) => `Not written: ${why}`),
    `${counted(files.length, 'incident')} written into ${folder}.`,
  ];
  process.stdout.write(json ? `${JSON.stringify({ files, unplayed })}\n` : `${lines.map(printable).join('\n')}\n`);
  if (files.length === 0) process.exitCode = 1;
}

function loadedOf(folder: string): LoadedRunbooks {
  const loaded = loadRunbooks(folder);
  if (loaded.faults.length > 0)
    throw new Error(`Cannot replay by faulty runbooks:\n${loaded.faults.map((one) => `  ${faultText(one)}`).join('\n')}`);
  return loaded;
}

function rulesOf({ runbook: name, pinned }: ReplayOptions, { runbooks }: LoadedRunbooks): ReplayRules {
  const runbook = runbooks.find((one) => one.name === name);
  if (name !== undefined && !runbook)
    throw new Error(`There is no runbook ${name}: there are ${runbooks.map((one) => one.name).join(', ')}.`);
  return { ...(runbook ? { runbook } : {}), ...(pinned ? { pinned } : {}) };
}

function incidentOf(one: RecordedIncident | RecordedFile): RecordedIncident {
  return 'recorded' in one ? one.recorded : one;
}

function playAll(all: readonly RecordedIncident[], loaded: LoadedRunbooks, rules: ReplayRules): Promise<Replay[]> {
  const progress = openProgress('Playing the incidents', all.length);
  return onStage((stage) =>
    inParallel(all, AT_ONCE, async (one) => {
      const played = await replay(stage, one, loaded, rules);
      progress.advance(1);
      return played;
    }),
  );
}

/** From now on it is compared with what comes of it now. */
function accept({ file, recorded }: RecordedFile, { now, same }: Replay): void {
  if (!same) writeAgain({ file, recorded: { ...recorded, course: [...now] } });
}
