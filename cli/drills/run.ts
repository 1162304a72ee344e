import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { drillsWorkflowId, drillWorkflowId } from '../../incident/drill-ids.ts';
import { type Settings, taskQueueOf } from '../../worker/settings.ts';
import { type DrillResult, type DrillsInput, drillsNow } from '../../workflows/drill-messages.ts';
import { story } from '../../workflows/messages.ts';
import { INTERRUPTED_EXIT_CODE, USAGE_EXIT_CODE } from '../exit-codes.ts';
import { withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';
import { tableText } from '../table.ts';

const LOOK_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 5_000;

/** What every command about the drills of a namespace takes. */
export interface DrillsOptions {
  readonly namespace: string;
  readonly cluster?: string;
  readonly data: string;
  readonly json?: true;
}

/** What `drill run` takes. */
export interface RunOptions extends DrillsOptions {
  readonly all?: true;
  readonly tellingPeople?: true;
  readonly perHour: number;
}

/** @throws one sentence where drills are at work there already, or Temporal is away */
export function runDrills(names: readonly string[], options: RunOptions): Promise<void> {
  const { namespace, all, tellingPeople = false, perHour, json } = options;
  if (names.length > 0 === (all ?? false)) {
    process.stderr.write('Name the drills to run, or give --all; see "paramedic drill list".\n');
    process.exitCode = USAGE_EXIT_CODE;
    return Promise.resolve();
  }
  return withIncidents(options.data, async ({ client, settings }) => {
    const cluster = clusterOf(options, settings);
    const input = { cluster, namespace, names: all ? null : names, asking: tellingPeople, perHour, tellsPeople: false };
    const handle = await start(client, input);
    const interrupted = cancelOnInterrupt(handle);
    const stopTelling = tellProgress(client, handle, input);
    try {
      const results = (await handle.result()) as readonly DrillResult[];
      process.stdout.write(json ? `${JSON.stringify({ cluster, namespace, ...countsOf(results), drills: results })}\n` : textOf(results));
      if (results.some(({ verdict }) => verdict !== 'passed')) process.exitCode = 1;
    } catch (error) {
      if (!interrupted()) throw error instanceof WorkflowFailedError ? new Error(printable(whyFailed(error)), { cause: error }) : error;
      process.stderr.write('The drills were ended, and what they had made is taken away.\n');
      process.exitCode = INTERRUPTED_EXIT_CODE;
    } finally {
      stopTelling();
    }
  });
}

export function clusterOf({ cluster }: DrillsOptions, { PARAMEDIC_CLUSTER }: Pick<Settings, 'PARAMEDIC_CLUSTER'>): string {
  return cluster ?? PARAMEDIC_CLUSTER;
}

async function start({ workflow }: Client, input: DrillsInput): Promise<WorkflowHandle> {
  const { cluster, namespace } = input;
  const workflowId = drillsWorkflowId(cluster, namespace);
  try {
    return await workflow.start('drills', {
      workflowId,
      taskQueue: taskQueueOf(cluster),
      args: [input],
      staticSummary: `Drills in the namespace ${namespace} of cluster ${cluster}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Error(`Drills are at work in the namespace ${namespace} of cluster ${cluster} already (${workflowId}). Wait for their end.`, {
      cause: error,
    });
  }
}

/** Ctrl-C ends the drills in an orderly way; a second one only stops waiting for that. */
function cancelOnInterrupt(handle: WorkflowHandle): () => boolean {
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
    process.stderr.write('Ending the drills, and taking away what they made. Ctrl-C again stops waiting for that.\n');
    handle.cancel().catch((error) => process.stderr.write(`They could not be ended: ${(error as Error).message}\n`));
    process.once('SIGINT', () => process.exit(INTERRUPTED_EXIT_CODE));
  });
  return () => isInterrupted;
}

/** Tells on standard error what is being done, and what has come of it. */
function tellProgress(client: Client, handle: WorkflowHandle, { cluster, namespace }: DrillsInput): () => void {
  const drill = client.workflow.getHandle(drillWorkflowId(cluster, namespace));
  const told = new Set<string>();
  let isOver = false;
  const tell = (line: string) => {
    if (told.has(line) || isOver) return;
    told.add(line);
    process.stderr.write(`${printable(line)}\n`);
  };
  const soon = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask).catch(() => null);
  const look = async () => {
    const seen = await soon(() => handle.query(drillsNow));
    if (seen === null) tell(`No worker of cluster ${cluster} has answered yet.`);
    for (const one of seen?.done ?? []) tell(`${one.name}: ${one.verdict}`);
    if (seen && !seen.now && seen.done.length < seen.total && seen.done.length > 0)
      tell(`${seen.done.length} of ${seen.total} are over; the next one waits, since what heals them counts in the limits (--per-hour)`);
    if (seen?.now) {
      tell(`${seen.now}: ${seen.done.length + 1} of ${seen.total} begins`);
      for (const line of (await soon(() => drill.query(story))) ?? []) tell(`  ${line}`);
    }
    if (!isOver) timer = setTimeout(look, LOOK_EVERY_MS);
  };
  let timer = setTimeout(look, LOOK_EVERY_MS);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

function countsOf(results: readonly DrillResult[]) {
  const count = (wanted: DrillResult['verdict']) => results.filter(({ verdict }) => verdict === wanted).length;
  return { total: results.length, passed: count('passed'), failed: count('failed'), notPlayed: count('notPlayed') };
}

function textOf(results: readonly DrillResult[]): string {
  const rows = results.map(({ name, verdict, expected, cause, end, seconds }) =>
    [name, VERDICTS[verdict], cause ?? '-', end ?? '-', expected.remedy ?? expected.end, seconds?.toFixed(1) ?? '-'].map(printable),
  );
  const { total, passed, failed, notPlayed } = countsOf(results);
  const bad = results.filter(({ verdict }) => verdict !== 'passed');
  return [
    tableText(['drill', 'verdict', 'cause', 'end', 'takes', 'seconds'], rows),
    ...(bad.length > 0 ? ['\nNot passed:\n', ...bad.map(({ name, why }) => printable(`  ${name}: ${why.join('; ')}`).concat('\n'))] : []),
    `\n${passed} of ${total} have passed, ${failed} failed, ${notPlayed} could not be played.\n`,
  ].join('');
}

const VERDICTS: Readonly<Record<DrillResult['verdict'], string>> = { passed: 'passed', failed: 'FAILED', notPlayed: 'not played' };

function whyFailed(error: WorkflowFailedError): string {
  const causes: string[] = [];
  for (let here: unknown = error; here instanceof Error; here = here.cause) causes.push(here.message);
  return causes.at(-1) ?? error.message;
}
