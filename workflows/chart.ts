import { setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { escapeMarkdown } from '../incident/markdown.ts';
import type { AuditEntry } from '../incident/report.ts';
import { targetText } from '../incident/target.ts';
import { audit } from './calls.ts';
import { type IncidentInput, story } from './messages.ts';
import { incidentAttributes } from './search-attributes.ts';
import { settled } from './settled.ts';

/** How far an incident has come, as people list it. */
type Phase = 'settling' | 'diagnosing' | 'waiting' | 'remediating' | 'verifying' | 'escalated' | 'closed';

/** The incident's chart: what is written down of it, for the Web UI, for queries and for the audit trail. */
export interface Chart {
  enter(phase: Phase): void;
  /** Adds a sentence to the story. */
  tell(sentence: string): void;
  /** Makes the incident findable by the alerts that joined it. */
  joinedBy(fingerprints: readonly string[]): void;
  label(key: 'cause' | 'remedy' | 'outcome', value: string): void;
  /**
   * Writes an audit entry and waits until it stands. One that cannot be written is told in the story.
   * @throws when it is `Acting`: nothing is done that is not written down before.
   */
  record(step: AuditEntry['step'], text: string, key?: string): Promise<void>;
}

export function openChart({ target, runbook }: IncidentInput): Chart {
  const sentences: string[] = [];
  const incident = workflowInfo().workflowId;
  setHandler(story, () => sentences);
  const { failureType, cluster, namespace, target: targetKey, mode } = incidentAttributes;
  upsertSearchAttributes([
    { key: failureType, value: runbook.failureType },
    { key: cluster, value: target.cluster },
    { key: namespace, value: target.namespace },
    { key: targetKey, value: targetText(target) },
    { key: mode, value: runbook.mode },
  ]);

  function tell(sentence: string): void {
    sentences.push(`${new Date().toISOString().slice(11, 19)} ${sentence}`);
    const items = sentences.map((one) => `- ${escapeMarkdown(one)}`);
    // The page cuts off about a line at the end, so that it ends with one that says nothing.
    setCurrentDetails([`### ${runbook.failureType}: ${escapeMarkdown(targetText(target))}`, '', ...items, '', '\u00a0', ''].join('\n'));
  }

  return {
    enter: (phase) => upsertSearchAttributes([{ key: incidentAttributes.phase, value: phase }]),
    tell,
    joinedBy: (fingerprints) => upsertSearchAttributes([{ key: incidentAttributes.alerts, value: [...fingerprints] }]),
    label: (key, value) => upsertSearchAttributes([{ key: incidentAttributes[key], value }]),
    async record(step, text, key) {
      const write = () => audit(`Audit: ${step}`, target, { at: new Date().toISOString(), incident, step, text, key });
      if (step === 'Acting') return write();
      const written = await settled(write);
      if (written.kind === 'failed') tell(`The audit entry ${step} could not be written: ${written.message}`);
    },
  };
}
