import { setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Alert } from '../incident/alert.ts';
import type { AuditDetails, AuditEntry, AuditStep } from '../incident/audit-entry.ts';
import type { Consequences } from '../incident/consequences.ts';
import type { AskedView } from '../incident/incident-view.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { modeFor } from '../incident/mode.ts';
import { targetText } from '../incident/target.ts';
import { audit, auditSoon } from './calls.ts';
import type { Carried } from './carried.ts';
import { type IncidentInput, story } from './messages.ts';
import { incidentAttributes } from './search-attributes.ts';
import { settled } from './settled.ts';
import { openThread } from './thread.ts';

/** How far an incident has come, as people list it. `untold`: a person is needed, and no channel has taken the message. `watching`: what a person decided is done. */
export type Phase =
  | 'settling'
  | 'diagnosing'
  | 'asking'
  | 'untold'
  | 'waiting'
  | 'remediating'
  | 'verifying'
  | 'watching'
  | 'escalated'
  | 'closed';

/** Steps that stand before anything is done by them, or nothing is. */
const BEFORE: readonly AuditStep[] = ['Acting', 'Approved', 'Decided', 'Confirming'];
/** Steps that somebody waits behind who must hear of it, whatever becomes of the trail. */
const SOON: readonly AuditStep[] = ['Opened', 'Asked', 'Escalated', 'DecisionRefused'];

const JOINED_NAMED_MAX = 5;

/** The incident's chart: what is written down of it, for the Web UI, for queries and for the audit trail. */
export interface Chart {
  enter(phase: Phase): void;
  /** Adds a sentence to the story. */
  tell(sentence: string): void;
  /** Shows on the incident's page what is asked of people, and how to answer there; null: nothing is. */
  ask(asked: AskedView | null): void;
  /** What became of what was asked, as a sentence that stays in sight. */
  answered(sentence: string): void;
  /** What was tried in it was learned, and people may say whether it was right. */
  taught(): void;
  /** The incident is over, and how, as a sentence. Returns once all that is shown elsewhere was handed on. */
  end(sentence: string): Promise<void>;
  /** Makes the incident findable by the alerts that joined it, and tells of those that did later than the first. */
  joinedBy(fingerprints: readonly string[], later: readonly Alert[]): void;
  /** What another run of the incident goes on with. */
  carried(): Pick<Carried, 'openedAt' | 'story'>;
  /** Waits until all that is shown elsewhere was handed on. */
  handedOn(): Promise<void>;
  label(key: 'cause' | 'remedy' | 'outcome', value: string): void;
  /**
   * Writes an audit entry and waits until it stands. One that cannot be written is told in the story, and in the audit trail itself as
   * soon as that can be written again.
   * @throws when it is `Acting`, `Approved`, `Decided` or `Confirming`: nothing is done that is not written down before.
   */
  record(step: AuditStep, text: string, details?: AuditDetails): Promise<void>;
}

export function openChart({ target, runbook, runbookVersion, carried }: IncidentInput): Chart {
  const sentences: string[] = [...(carried?.story ?? [])];
  const { workflowId: incident, runId: run, startTime } = workflowInfo();
  const mode = modeFor(runbook, target.namespace, null);
  const openedAt = carried?.openedAt ?? startTime.toISOString();
  /** What every entry of this incident says. */
  const common: Omit<AuditEntry, 'at' | 'step' | 'text'> = {
    ...{ incident, run, openedAt, target, failureType: runbook.failureType, mode },
    runbook: { name: runbook.name, version: runbookVersion },
  };
  setHandler(story, () => sentences);
  const { failureType, cluster, namespace, target: targetKey, mode: modeKey } = incidentAttributes;
  upsertSearchAttributes([
    { key: failureType, value: runbook.failureType },
    { key: cluster, value: target.cluster },
    { key: namespace, value: target.namespace },
    { key: targetKey, value: targetText(target) },
    { key: modeKey, value: mode },
  ]);

  const thread = openThread({ runbook });
  let asked: AskedView | null = null;
  let phase: Phase = 'settling';
  let cause: string | null = null;
  let decisions: readonly string[] = [];
  let end: string | null = null;
  let isTaught = false;
  let gaps: readonly string[] = [];

  function show(): void {
    const items = sentences.map((one) => `- ${escapeMarkdown(one)}`);
    const title = `### ${runbook.failureType}: ${escapeMarkdown(targetText(target))}`;
    // The page cuts off about a line at the end, so that it ends with one that says nothing.
    setCurrentDetails([title, '', ...questionText(incident, asked), ...items, '', '\u00a0', ''].join('\n'));
  }

  /** Shows elsewhere what has changed. */
  function spread(...told: readonly string[]): void {
    const { failureType: type, name } = runbook;
    const view = { incident, run, failureType: type, runbook: name, mode, target, phase, cause, asked, decisions, end, isTaught };
    thread.show({ view, sentences: told });
  }

  function tell(sentence: string): void {
    const timed = `${new Date().toISOString().slice(11, 19)} ${sentence}`;
    sentences.push(timed);
    show();
    spread(timed);
  }

  async function write(step: AuditStep, text: string, details: AuditDetails = {}): Promise<void> {
    const call = SOON.includes(step) ? auditSoon : audit;
    await call(`Audit: ${step}`, target, { at: new Date().toISOString(), step, text, ...common, ...details });
  }

  /** A gap in the trail stands in it once something can be written again. */
  async function reportGaps(): Promise<void> {
    if (gaps.length === 0) return;
    const reported = await settled(() => write('NotReported', `Entries that could not be written when it was time: ${gaps.join(' ')}`));
    if (reported.kind === 'done') gaps = [];
  }

  return {
    enter(entered) {
      upsertSearchAttributes([{ key: incidentAttributes.phase, value: entered }]);
      phase = entered;
      spread();
    },
    tell,
    joinedBy(fingerprints, later) {
      upsertSearchAttributes([{ key: incidentAttributes.alerts, value: [...fingerprints] }]);
      if (later.length > 0) tell(joinedText(later.map(({ name }) => name)));
    },
    carried: () => ({ openedAt, story: sentences }),
    handedOn: thread.settled,
    label(key, value) {
      upsertSearchAttributes([{ key: incidentAttributes[key], value }]);
      if (key !== 'cause') return;
      cause = value;
      spread();
    },
    ask(now) {
      asked = now;
      show();
      spread();
    },
    answered(sentence) {
      decisions = [...decisions, `${new Date().toISOString().slice(11, 19)} ${sentence}`];
      spread();
    },
    taught() {
      isTaught = true;
    },
    async end(sentence) {
      end = sentence;
      spread();
      await thread.settled();
    },
    async record(step, text, details) {
      await reportGaps();
      if (BEFORE.includes(step)) return write(step, text, details);
      const written = await settled(() => write(step, text, details));
      if (written.kind === 'done') return;
      gaps = [...gaps, `${step} at ${new Date().toISOString()}${details?.key === undefined ? '' : ` of ${details.key}`}: ${text}`];
      tell(`The audit entry ${step} could not be written: ${written.message}`);
    },
  };
}

/** A storm of them takes no more room than a few. */
function joinedText(names: readonly string[]): string {
  const different = [...new Set(names)];
  const shown = different.slice(0, JOINED_NAMED_MAX).join(', ');
  const times = names.length === different.length ? '' : ` (${names.length} alerts)`;
  if (different.length === 1) return `The alert ${shown} joined${times}.`;
  return `The alerts ${shown}${different.length > JOINED_NAMED_MAX ? ' and others' : ''} joined${times}.`;
}

/** What a page says of a question: the plan or the options, what would follow, and both ways to answer. */
function questionText(incident: string, asked: AskedView | null): string[] {
  if (asked === null) return [];
  const { id, plan, expiresAt, options, consequences } = asked;
  if (options)
    return [
      `**A decision is asked, ${id}, until ${expiresAt}**`,
      '',
      ...options.map(({ name, does }) => `- **${name}**: ${escapeMarkdown(does)}`),
      '',
      'Decide on the command line, or send the update `decide` from this page with your name in it:',
      '',
      '```',
      ...options.map(({ name }) => `paramedic decide ${incident} ${name} --plan ${id}`),
      ...options.map(({ name }) => JSON.stringify({ plan: id, decision: name, by: 'YOUR NAME', reason: '' })),
      '```',
      '',
    ];
  return [
    `**Leave is asked for plan ${id}, until ${expiresAt}**`,
    '',
    escapeMarkdown(plan),
    '',
    ...(consequences ? consequencesText(consequences) : []),
    'Answer on the command line, or send the update `decide` from this page with your name in it:',
    '',
    '```',
    `paramedic approve ${incident} --plan ${id}`,
    JSON.stringify({ plan: id, decision: 'approve', by: 'YOUR NAME', reason: '' }),
    JSON.stringify({ plan: id, decision: 'reject', by: 'YOUR NAME', reason: '' }),
    '```',
    '',
  ];
}

function consequencesText({ diff, blastRadius, undo, why }: Consequences): string[] {
  const lines = [blastRadius, undo, ...(why === '' ? [] : [why])];
  return ['```diff', ...diff.map((line) => line.replaceAll('`', "'")), '```', '', ...lines.map((line) => `- ${escapeMarkdown(line)}`), ''];
}
