import { NoAnswer } from '../../clients/permit-offices.ts';
import type { Freeze } from '../../guards/ledger/ledger.ts';
import { freezeText } from '../../guards/people/freeze.ts';
import type { Person } from '../../incident/person.ts';
import { boardSections } from '../../workflows/board-sections.ts';
import type { PermitDesk } from '../permit-desk.ts';
import type { Scope, SlackCommand } from './read-command.ts';

const ANSWER_CHARACTERS_MAX = 3_500;

/** Who typed a command, and what they called it. */
export interface Commander {
  /** Such as `/paramedic`. */
  readonly command: string;
  readonly user: string;
  readonly userName: string;
}

/**
 * Does what a command says. Returns what to tell the person who gave it, also where it could not be done.
 * @param callId whichever of several gateways takes it, it is one call
 */
export async function obey(
  command: SlackCommand,
  { command: name, user, userName }: Commander,
  callId: string,
  desk: PermitDesk,
): Promise<string> {
  try {
    switch (command.kind) {
      case 'fault':
        return command.fault;
      case 'freeze': {
        const { scope, forSeconds, reason } = command;
        const freezes = await desk.freeze({ ...scope, forSeconds, reason, by: person(user, userName) }, callId);
        const own = freezes.filter((one) => one.namespace === scope.namespace && one.runbook === scope.runbook);
        return `${sentences(own)} To end it: ${thawText(name, scope)}`;
      }
      case 'thaw': {
        const left = await desk.thaw({ ...command.scope, by: person(user, userName) }, callId);
        return left.length === 0 ? 'No freeze that a person called is left in this cluster.' : `Still in force: ${sentences(left)}`;
      }
      case 'guards': {
        const sections = boardSections(await desk.board()).flatMap(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)]);
        return sections.length === 0 ? 'Nothing is held, refused or used up.' : cut(sections.join('\n'));
      }
      default:
        return command satisfies never;
    }
  } catch (error) {
    if (error instanceof NoAnswer)
      return `No worker took it in time, so it is not known to be done: look with "${name} guards", and say it again once a worker runs.`;
    return `It was not done: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A name that cannot be shown as it is is left out. */
function person(id: string, userName: string): Person {
  return { id, name: /^[A-Za-z0-9._-]{1,80}$/.test(userName) ? userName : id, way: 'slack', groups: [] };
}

function sentences(freezes: readonly Freeze[]): string {
  return freezes.map(freezeText).join(' ');
}

function thawText(name: string, { namespace, runbook }: Scope): string {
  return [
    `${name} thaw`,
    ...(namespace === null ? [] : [`namespace=${namespace}`]),
    ...(runbook === null ? [] : [`runbook=${runbook}`]),
  ].join(' ');
}

function cut(text: string): string {
  return text.length <= ANSWER_CHARACTERS_MAX ? text : `${text.slice(0, ANSWER_CHARACTERS_MAX)}…\n"paramedic guards" shows the rest.`;
}
