import {
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AuditDetails, AuditStep } from '../incident/audit-entry.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { suspectText } from '../incident/suspect.ts';
import { audit, auditSoon, commonChain } from './calls.ts';
import type { Phase } from './chart.ts';
import { escalationOf } from './escalating.ts';
import { openChain } from './escalation-chain.ts';
import { type StormInput, type StormNow, stormNow } from './messages.ts';
import { incidentAttributes } from './search-attributes.ts';
import { settled } from './settled.ts';

/** Before anybody is woken, more of those that fail have a moment to be counted. */
const GATHER = '10s';
/** Whatever becomes of the office that says when it is over. */
const LED_AT_MOST = '7 days';

/**
 * Leads while many targets fail that share something: one person is told once, of what they share, and the incidents of the single
 * targets follow until it is over.
 */
export async function commonCause({ cluster, suspect }: StormInput): Promise<string> {
  const { workflowId: incident, runId: run } = workflowInfo();
  const { failureType, cluster: clusterKey, phase, cause, outcome } = incidentAttributes;
  const shared = suspectText(suspect);
  let now: StormNow = { targets: [], targetCount: 0, isOver: false };
  const notes: string[] = [];
  setHandler(stormNow, (told) => {
    now = told.isOver ? { ...now, isOver: true } : told;
    show();
  });
  upsertSearchAttributes([
    { key: failureType, value: 'commonCause' },
    { key: clusterKey, value: cluster },
    { key: phase, value: 'escalated' },
    { key: cause, value: suspect.kind },
  ]);

  const isOverEarly = await condition(() => now.isOver, GATHER, { summary: 'Gather who fails, before anybody is told' });
  if (now.targetCount === 0) return close(`Nothing fails any more that shares ${shared}; nobody was told.`);
  if (isOverEarly) return close(`Those that share ${shared} are well again, or share something narrower; nobody was told.`);
  const reason = `${now.targetCount} targets fail at once that share ${shared}: ${now.targets.slice(0, 20).join(', ')}${now.targetCount > 20 ? ' and more' : ''}.`;
  const nextStep = `Look at ${shared} first. No one of these targets is changed meanwhile; their incidents go on when it is over.`;
  await record('Escalated', reason);
  const chart = { tell: noted, record, enter: (entered: Phase) => upsertSearchAttributes([{ key: phase, value: entered }]) };
  const looked = await settled(commonChain);
  const chain = openChain(looked.kind === 'done' ? looked.value : null, chart);
  const message = escalationOf({ target: null, diagnosis: null, actions: [], reason, nextStep, commands: [] });
  // It is led meanwhile, whether anybody can be told or not.
  const telling = chain.tell(message, 'escalated').catch(unlessCancelled);
  const isOver = await condition(() => now.isOver, LED_AT_MOST, { summary: 'Lead until few of them fail' }).catch(async (error) => {
    if (isCancellation(error))
      await CancellationScope.nonCancellable(async () => {
        const end = `A person closed it, while ${now.targetCount} targets failed that share ${shared}.`;
        (await telling)?.over(end);
        await chain.settled();
        await close(end);
      });
    throw error;
  });
  const end = isOver
    ? `Fewer targets fail that share ${shared} than make a common cause; those that are left are healed one by one.`
    : `Many targets have failed for ${LED_AT_MOST} that share ${shared}; it is not led any longer.`;
  const told = await telling;
  if (isOver) told?.over(end);
  else told?.stop();
  await chain.settled();
  return close(end);

  async function close(end: string): Promise<string> {
    upsertSearchAttributes([
      { key: phase, value: 'closed' },
      { key: outcome, value: 'escalated' },
    ]);
    await record('Closed', end, { outcome: 'escalated' });
    return end;
  }

  function noted(sentence: string): void {
    notes.push(sentence);
    show();
  }

  function show(): void {
    const lines = [...notes, ...now.targets].map((line) => `- ${escapeMarkdown(line)}`);
    setCurrentDetails(
      [`### ${now.targetCount} targets fail that share ${escapeMarkdown(shared)}`, '', ...lines, '', '\u00a0', ''].join('\n'),
    );
  }

  async function record(step: AuditStep, text: string, details: AuditDetails = {}): Promise<void> {
    const call = step === 'Escalated' ? auditSoon : audit;
    await settled(() => call(`Audit: ${step}`, null, { at: new Date().toISOString(), incident, run, step, text, ...details }));
  }
}

function unlessCancelled(error: unknown): null {
  if (!isCancellation(error)) throw error;
  return null;
}
