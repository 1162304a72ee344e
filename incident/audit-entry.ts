import { z } from 'zod';
import { FAILURE_TYPES } from './failure-type.ts';
import { MODES } from './mode.ts';
import { WAYS } from './person.ts';

/** The closed list of what the audit trail tells, each with what is meant by it. */
const AUDIT_STEPS = {
  Opened: 'An incident began: an alert about a target matched a runbook.',
  Reclassified: 'Another alert of the same target tells more: it goes on as another failure type, by another runbook.',
  Acting: 'Something is about to be changed; it is not unless this stands.',
  Acted: 'The change was made, or it is not known whether it was.',
  NotActed: 'The change was not made, and why.',
  Verified: 'What became of the target after the change.',
  Undoing: 'A change is about to be taken back.',
  Undone: 'The change was taken back.',
  NotUndone: 'The change was left as it is, and why.',
  Confirming: 'A verified change is about to be made true elsewhere, such as in a registry.',
  Confirmed: 'It was made true there.',
  Refused: 'The guards let nothing be changed now, and why.',
  Asked: 'A person was asked for leave, or for a decision.',
  Approved: 'A person gave leave.',
  Rejected: 'A person refused leave, or nobody answered in time, which is no.',
  HandedOn: 'A person wants another one to decide.',
  Decided: 'A person chose one of the options.',
  Voided: 'What was asked or decided no longer holds.',
  DecisionRefused: 'A decision was not taken: whoever gave it may not, or it came too late, twice, or for something else.',
  Commanded:
    'A person gave a command: freeze, thaw, demote, reset, acknowledge, or a word on a version of a model, on an incident or on what was learned.',
  Demoted: 'What a machine did alone went wrong, and a person must allow it from now on.',
  Escalated: 'A person is needed, and why.',
  NotTold: 'A channel did not take a message to people.',
  NotReported: 'What became of an act is not known, or an entry could not be written when it was time.',
  Closed: 'The incident ended, and how.',
  Drilled: 'A drill, which injects faults on purpose, began or ended, and how.',
} as const;

export type AuditStep = keyof typeof AUDIT_STEPS;

const line = z.string().min(1);
const time = z.iso.datetime();

const Who = z
  .strictObject({
    id: line.describe('Id of the Slack user, name of the HTTP token, or the name they gave on the command line or in the Web UI.'),
    name: line.describe('As others on the team know them.'),
    way: z.enum(WAYS).describe('How their word came in.'),
    groups: z.array(line).readonly().describe('Ids of the Slack user groups they are in.'),
  })
  .describe('Who decided, or gave a command. Absent: Paramedic itself.');

const Why = z
  .strictObject({
    cause: line.describe('The cause that was diagnosed.'),
    rule: line.describe('The rule that named it.'),
    evidence: z.array(z.string()).readonly().describe('What was seen that speaks for it, a sentence each.'),
  })
  .describe('Why something is changed.');

const Result = z
  .strictObject({
    kind: z
      .enum(['done', 'failed', 'recovered', 'contained', 'notRecovered', 'worse', 'unknown'])
      .describe('Whether a change was made or not, or the verdict on it. unknown is never success.'),
    text: z.string().describe('What was seen, or why it failed.'),
  })
  .describe('What became of it.');

/** One thing that was decided or done, or that could not be: an entry of the audit trail. */
export const AuditEntry = z
  .strictObject({
    at: time.describe('When.'),
    step: z.enum(Object.keys(AUDIT_STEPS) as AuditStep[]).describe(stepsText()),
    text: z.string().describe('The whole of it as a sentence.'),
    incident: line.describe("The workflow id of the incident; of a command to a permit office or about a model, that workflow's."),
    run: line.optional().describe('The run of that workflow.'),
    openedAt: time.optional().describe('When the incident began.'),
    failureType: z.enum(FAILURE_TYPES).optional(),
    mode: z.enum(MODES).optional().describe('The mode of the pinned runbook where the target is; its remedies may have others.'),
    target: z.strictObject({ cluster: line, namespace: z.string(), kind: line, name: line }).optional().describe('What it is about.'),
    runbook: z
      .strictObject({
        name: line,
        version: line.optional().describe('The first 12 hexadecimal digits of the SHA-256 of the runbook as it was pinned.'),
      })
      .optional()
      .describe('By which it was done.'),
    alert: z
      .strictObject({ name: z.string(), since: z.string().optional().describe('When its source saw the failure begin.') })
      .optional()
      .describe('What an incident began with.'),
    who: Who.optional(),
    key: line.optional().describe('Of the act it is about: the same key is the same act.'),
    remedy: line.optional().describe('What is changed, by the name that runbooks call it.'),
    why: Why.optional(),
    permit: line.optional().describe('Id of the permit that the permit offices granted for it.'),
    before: z.string().optional().describe('What was there before.'),
    after: z.string().optional().describe('What is to be there after.'),
    result: Result.optional(),
    guard: line.optional().describe('The guard that refused.'),
    plan: line.optional().describe('Id of the plan or the question that a person was asked about.'),
    answer: line.optional().describe('What a person said to it.'),
    command: line.optional().describe('What a person commanded: freeze, thaw, demote, reset and so on.'),
    outcome: line.optional().describe('How the incident ended.'),
  })
  .describe('One thing that was decided or done, or that could not be.');

export type AuditEntry = z.infer<typeof AuditEntry>;

/** What an entry says beside its sentence, and beside what every entry of its incident says. */
export type AuditDetails = Omit<
  AuditEntry,
  'at' | 'step' | 'text' | 'incident' | 'run' | 'openedAt' | 'failureType' | 'mode' | 'target' | 'runbook'
>;

function stepsText(): string {
  return `What happened. ${Object.entries(AUDIT_STEPS)
    .map(([step, meaning]) => `${step}: ${meaning}`)
    .join(' ')}`;
}
