import { WorkflowNotFoundError } from '@temporalio/client';
import type { Outcome } from '../../incident/incident.ts';
import type { IncidentRow } from '../../incident/incident-row.ts';
import { incidentRow } from '../../worker/incident-list.ts';
import type { Asked } from '../../workflows/decision-call.ts';
import { asked, story } from '../../workflows/messages.ts';
import { printable } from '../printable.ts';
import type { IncidentRecord } from './connect.ts';

const STORY_WITHIN_MS = 10_000;

/** One incident with all that is told of it. */
export interface IncidentShown extends IncidentRow {
  /** Sentences in order; null when no worker is there to tell it. */
  readonly story: readonly string[] | null;
  /** What a person is asked to decide on; null when nothing is, or no worker is there to tell it. */
  readonly asked: Asked | null;
  /** Null while it is open. */
  readonly end: Outcome | null;
}

/** @throws one sentence when there is no such incident. */
export async function showIncident({ client, settings, linkTo }: IncidentRecord, id: string): Promise<IncidentShown> {
  const handle = client.workflow.getHandle(id);
  try {
    const description = await handle.describe();
    const row = incidentRow(description, linkTo);
    const end = row.state === 'closed' ? ((await handle.result()) as Outcome) : null;
    const told = await tell(client, () => handle.query(story));
    const question = told === null || row.state !== 'open' ? null : await tell(client, () => handle.query(asked));
    return { ...row, story: told, asked: question, end };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Error(`There is no incident "${id}" at ${settings.TEMPORAL_ADDRESS}. See "paramedic incidents list".`, { cause: error });
  }
}

/** The story is told by a worker, which may be away. */
async function tell<T>(client: IncidentRecord['client'], ask: () => Promise<T>): Promise<T | null> {
  try {
    return await client.withDeadline(Date.now() + STORY_WITHIN_MS, ask);
  } catch {
    return null;
  }
}

/** The incident for people: what it is, its story, what was done, how it ended and where to look. */
export function incidentText(shown: IncidentShown): string {
  const facts = [
    ['target', shown.target],
    ['state', shown.state === 'open' ? `open, ${shown.phase ?? 'just started'}` : shown.state],
    ['mode', shown.mode],
    ['cause', shown.cause],
    ['outcome', shown.end ? `${shown.end.kind}: ${shown.end.reason}` : shown.outcome],
    ['started', shown.startedAt],
    ['closed', shown.closedAt],
    ['link', shown.link],
  ].flatMap(([name, value]) => (value ? [`  ${name!.padEnd(8)} ${printable(value)}`] : []));
  const told = shown.story?.map((sentence) => `  ${printable(sentence)}`) ?? [
    '  No worker answered, and only a worker can tell it. Is one running?',
  ];
  return [shown.id, '', ...facts, ...askedLines(shown), '', 'Story', ...told, ...actionLines(shown.end), ''].join('\n');
}

function askedLines({ id, asked: question }: IncidentShown): string[] {
  if (question === null || question.decision !== null) return [];
  if (question.options)
    return [
      '',
      'Asked',
      `  Decision ${question.id}, until ${question.expiresAt}:`,
      ...question.options.map(({ name, does }) => printable(`  paramedic decide ${id} ${name} --plan ${question.id}  (${does})`)),
    ];
  const answer = `  Answer until ${question.expiresAt}: paramedic approve ${id} --plan ${question.id}, or reject`;
  return ['', 'Asked', printable(`  Plan ${question.id}: ${question.plan}`), answer];
}

function actionLines(end: Outcome | null): string[] {
  if (!end || end.actions.length === 0) return [];
  return [
    '',
    'Actions',
    ...end.actions.map(({ remedy, before, after, verdict, undone }) => {
      const seen = verdict === null ? '' : `; then ${verdict.kind}`;
      return printable(`  ${remedy}: ${before} → ${after}${seen}${undone ? '; taken back' : ''}`);
    }),
  ];
}
