import { condition, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { escapeMarkdown } from '../incident/markdown.ts';
import { suspectText } from '../incident/suspect.ts';
import { audit, escalate } from './calls.ts';
import { type StormInput, type StormNow, stormNow } from './messages.ts';
import { incidentAttributes } from './search-attributes.ts';
import { settled } from './settled.ts';

/** Before anybody is woken, more of those that fail have a moment to be counted. */
const GATHER = '10s';

/**
 * Leads while many targets fail that share something: one person is told once, of what they share, and the incidents of the single
 * targets follow until it is over.
 */
export async function commonCause({ cluster, suspect }: StormInput): Promise<string> {
  const { workflowId: incident, runId: run } = workflowInfo();
  const { failureType, cluster: clusterKey, phase, cause, outcome } = incidentAttributes;
  const shared = suspectText(suspect);
  let now: StormNow = { targets: [], targetCount: 0, isOver: false };
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

  await condition(() => now.targetCount > 0 || now.isOver, GATHER);
  const reason = `${now.targetCount} targets fail at once that share ${shared}: ${now.targets.slice(0, 20).join(', ')}${now.targetCount > 20 ? ' and more' : ''}.`;
  const nextStep = `Look at ${shared} first. No one of these targets is changed meanwhile; their incidents go on when it is over.`;
  await record('Escalated', reason);
  await settled(() => escalate({ incident, run, target: null, diagnosis: null, actions: [], reason, nextStep }));
  await condition(() => now.isOver);
  const end = `Fewer targets fail that share ${shared} than make a common cause; those that are left are healed one by one.`;
  upsertSearchAttributes([
    { key: phase, value: 'closed' },
    { key: outcome, value: 'escalated' },
  ]);
  await record('Closed', end);
  return end;

  function show(): void {
    const lines = now.targets.map((target) => `- ${escapeMarkdown(target)}`);
    setCurrentDetails(
      [`### ${now.targetCount} targets fail that share ${escapeMarkdown(shared)}`, '', ...lines, '', '\u00a0', ''].join('\n'),
    );
  }

  async function record(step: 'Escalated' | 'Closed', text: string): Promise<void> {
    await settled(() => audit(`Audit: ${step}`, null, { at: new Date().toISOString(), incident, step, text }));
  }
}
