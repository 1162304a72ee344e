import type { KnownBlock, RichTextBlock } from '@slack/web-api';
import type { AskedView, IncidentView } from '../../incident/incident-view.ts';
import { cut } from '../../incident/plain-text.ts';
import { targetText } from '../../incident/target.ts';
import type { ButtonValue } from './button-value.ts';
import { escaped } from './escaped.ts';

/** Limits of Slack's Block Kit. */
const HEADER_CHARACTERS_MAX = 150;
const TEXT_CHARACTERS_MAX = 2_900;
const BUTTONS_MAX = 5;
/** Of what was decided before, so many are shown. */
const DECISIONS_MAX = 5;

/** What the buttons are called in what Slack sends back. */
export const ACTION_PREFIX = 'paramedic:';

/** A message of Slack. */
export interface SlackMessage {
  /** For notifications, and for readers of screens. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** Phases in which people are told that one of them is needed. */
const NEEDS_SOMEBODY: readonly string[] = ['escalated', 'untold'];

const PHASES: Readonly<Record<string, string>> = {
  settling: 'It may heal by itself.',
  diagnosing: 'It is being looked at.',
  asking: 'A person is asked.',
  untold: 'A person is needed, and no other channel has taken the message.',
  waiting: 'It waits.',
  remediating: 'Something is being changed.',
  verifying: 'What was changed is being verified.',
  watching: 'It is watched until its alerts are over.',
  escalated: 'A person is needed.',
  closed: 'It is over.',
};

/**
 * The one message about an incident. All that comes from elsewhere stands in elements of plain text, in which Slack reads neither markup
 * nor mentions. @param link to its page in the Web UI; null where that is not known
 */
export function incidentMessage(view: IncidentView, link: string | null): SlackMessage {
  const { target, failureType, asked, decisions, end } = view;
  const title = `${failureType}: ${targetText(target)}`;
  const state = end ?? (asked ? 'A decision is asked of you.' : (PHASES[view.phase] ?? view.phase));
  return {
    text: escaped(`${title}. ${state}`),
    blocks: [
      { type: 'header', text: plain(cut(title, HEADER_CHARACTERS_MAX)) },
      section(state),
      { type: 'section', fields: factsOf(view).map((fact) => plain(fact)) },
      ...(asked ? questionBlocks(view, asked) : []),
      ...(NEEDS_SOMEBODY.includes(view.phase) && !asked && end === null ? [acknowledgeBlock(view)] : []),
      ...(view.isTaught && end !== null ? [judgeBlock(view)] : []),
      ...decisions.slice(-DECISIONS_MAX).map((one) => section(one)),
      { type: 'context', elements: [plain(cut(view.incident, TEXT_CHARACTERS_MAX)), ...(link ? [linkTo(link)] : [])] },
    ],
  };
}

/** Some sentences of the story, as a message in its thread. */
export function storyMessage(text: string): SlackMessage {
  return { text: escaped(cut(text, TEXT_CHARACTERS_MAX)), blocks: [section(text)] };
}

function factsOf({ target, runbook, mode, cause }: IncidentView): string[] {
  return [`Cluster: ${target.cluster}`, `Runbook: ${runbook} (${mode})`, ...(cause ? [`Cause: ${cause}`] : [])].map((fact) =>
    cut(fact, 1_000),
  );
}

function questionBlocks(view: IncidentView, asked: AskedView): KnownBlock[] {
  const { plan, reason, diagnosis, briefing, consequences, options, expiresAt, id } = asked;
  const evidence = [...(diagnosis?.reasons ?? []), ...briefing];
  return [
    { type: 'divider' },
    ...(options ? options.map(({ name, does }) => section(`${name}: ${does}`)) : [section(`What would be done: ${plan}`)]),
    section(`Why: ${reason}`),
    ...(evidence.length === 0 ? [] : [section(`Evidence: ${evidence.join(' ')}`)]),
    ...(consequences
      ? [diffBlock(consequences.diff), section(`${consequences.blastRadius} ${consequences.undo} ${consequences.why}`.trim())]
      : []),
    section(`Plan ${id}. Silence until ${expiresAt} is no.`),
    { type: 'actions', elements: buttonsOf(view, asked) },
  ];
}

/** What changes, as the API server took it in a dry run. */
function diffBlock(diff: readonly string[]): RichTextBlock {
  const text = cut(diff.join('\n'), TEXT_CHARACTERS_MAX);
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }] };
}

function buttonsOf({ incident, target: { namespace } }: IncidentView, { id, options }: AskedView) {
  const value = JSON.stringify({ incident, plan: id, namespace } satisfies ButtonValue);
  const button = (action: string, text: string, style?: 'primary' | 'danger') => ({
    type: 'button' as const,
    action_id: `${ACTION_PREFIX}${action}`,
    text: plain(text),
    value,
    ...(style ? { style } : {}),
  });
  const answers = options
    ? options.slice(0, BUTTONS_MAX - 1).map(({ name }) => button(name, name))
    : [button('approve', 'Approve', 'primary'), button('reject', 'Reject', 'danger')];
  return [...answers, button('escalate', 'Escalate'), button('freezeNamespace', `Freeze ${cut(namespace, 60)}`)];
}

/** Whoever takes it upon themselves ends the chain of those who are told. */
function acknowledgeBlock({ incident, target: { namespace } }: IncidentView): KnownBlock {
  const value = JSON.stringify({ incident, plan: '-', namespace } satisfies ButtonValue);
  return {
    type: 'actions',
    elements: [{ type: 'button', action_id: `${ACTION_PREFIX}acknowledge`, text: plain('Acknowledge'), value, style: 'primary' }],
  };
}

/** Later incidents learn by what people say of this run of it. */
function judgeBlock({ incident, run, target: { namespace } }: IncidentView): KnownBlock {
  const value = JSON.stringify({ incident, plan: run, namespace } satisfies ButtonValue);
  const button = (says: string) => ({
    type: 'button' as const,
    action_id: `${ACTION_PREFIX}judge-${says}`,
    text: plain(`This was ${says}`),
    value,
  });
  return { type: 'actions', elements: [button('right'), button('wrong')] };
}

function section(text: string): KnownBlock {
  return { type: 'section', text: plain(cut(text, TEXT_CHARACTERS_MAX)) };
}

function plain(text: string) {
  return { type: 'plain_text' as const, text: text === '' ? '\u00a0' : text, emoji: false };
}

/** An address of ours, which is written by nobody else. */
function linkTo(link: string) {
  return { type: 'mrkdwn' as const, text: `<${escaped(link)}|Temporal Web UI>` };
}
