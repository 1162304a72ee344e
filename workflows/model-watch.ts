import { continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ServerRuns, Watched } from '../activities/watching.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { watchModels } from './calls.ts';

/** Each holds what is known of every server, some 300 bytes of each. */
const STRETCHES_MAX = 50;

/** What one run of a watch hands on to the next. */
interface ModelWatchInput {
  readonly cluster: string;
  readonly runs: ServerRuns;
}

/** Has all model servers of a cluster looked at, and never ends: what was seen healthy in serving is what may be gone back to. */
export async function modelWatch({ cluster, runs: carried }: ModelWatchInput): Promise<never> {
  let runs = carried;
  for (let stretches = 0; stretches < STRETCHES_MAX && !workflowInfo().continueAsNewSuggested; stretches++) {
    const watched = await watchModels(runs);
    runs = watched.runs;
    setCurrentDetails(watchText(cluster, watched));
  }
  return continueAsNew<typeof modelWatch>({ cluster, runs });
}

function watchText(cluster: string, { runs, servers, left, unlisted }: Watched): string {
  const rows = Object.entries(runs).map(([server, run]) => `| ${escapeMarkdown(server)} | ${run.kind} | ${cell(run.served?.address)} |`);
  return [
    `### Model servers of cluster ${escapeMarkdown(cluster)}`,
    '',
    `${servers} are looked at${left > 0 ? `, and ${left} more are not, since there are too many` : ''}.`,
    '',
    ...(rows.length > 0 ? ['| server | is | serves |', '| --- | --- | --- |', ...rows, ''] : []),
    ...(unlisted.length > 0 ? ['**Could not be listed**', '', ...unlisted.map((one) => `- ${escapeMarkdown(one)}`), ''] : []),
    '\u00a0',
    '',
  ].join('\n');
}

function cell(address: string | undefined): string {
  return address === undefined ? '-' : escapeMarkdown(address);
}
