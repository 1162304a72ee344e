import { type Person, personText } from '../../incident/person.ts';

/** Paramedic itself, or a process of it, whatever it puts behind its name. */
const MACHINE = /^paramedic\b/i;

/** People who may decide. */
export interface Approvers {
  /** By the names they have on the command line, over HTTP and in the Web UI. */
  readonly people: readonly string[];
  /** By the ids of their Slack users. */
  readonly slackUsers: readonly string[];
  /** By the ids of Slack user groups: whoever is in one of them. */
  readonly slackGroups: readonly string[];
}

/** Whom a runbook lets decide. */
export interface ApprovalRules {
  /** Null: in Slack nobody; by the other ways whoever gets there. */
  readonly approvers: Approvers | null;
  /** In place of those, for targets of these namespaces. */
  readonly namespaces: Readonly<Record<string, Approvers>>;
  /** Who asked for something does not decide on it. */
  readonly fourEyes: boolean;
}

/** What is to be decided on. */
export interface Matter {
  readonly runbook: string;
  readonly namespace: string;
  /** Who asked for it; nobody where alerts alone did. */
  readonly requesters: readonly Person[];
}

/** Why somebody may not decide, as a sentence; null: they may. To be in a channel, or to be known, gives nobody leave. */
export function whyNotApprover(person: Person, rules: ApprovalRules, { runbook, namespace, requesters }: Matter): string | null {
  if ([person.id, person.name].some((one) => MACHINE.test(one)))
    return `Paramedic does not decide on what it asks itself, and "${person.name}" is it. Name the person who does.`;
  const approvers = Object.hasOwn(rules.namespaces, namespace) ? (rules.namespaces[namespace] ?? null) : rules.approvers;
  if (approvers === null && person.way === 'slack')
    return `Nobody decides in Slack on what the runbook ${runbook} asks, since it names no approvers. Add approval.approvers to it.`;
  if (approvers !== null && !isAmong(person, approvers))
    return `${personText(person)} is not among the approvers of the runbook ${runbook} in the namespace ${namespace}.`;
  if (rules.fourEyes && requesters.some((one) => isSame(one, person)))
    return `${personText(person)} asked for it, and the runbook ${runbook} wants somebody else to decide.`;
  return null;
}

function isAmong({ id, way, groups }: Person, { people, slackUsers, slackGroups }: Approvers): boolean {
  if (way === 'slack') return slackUsers.includes(id) || groups.some((group) => slackGroups.includes(group));
  return people.includes(id);
}

/** One person may have come by two ways, and is then known by their name alone. */
function isSame(one: Person, other: Person): boolean {
  const alike = (a: string, b: string) => a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();
  return (one.way === other.way && alike(one.id, other.id)) || alike(one.name, other.name);
}
