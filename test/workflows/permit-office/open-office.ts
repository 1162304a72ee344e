import type { Limits } from '../../../guards/limits.ts';
import type { Permit } from '../../../guards/permit.ts';
import type { IncidentRun } from '../../../incident/incident.ts';
import { permitOffices } from '../../../worker/permit-offices.ts';
import type { Saying } from '../../../workflows/messages.ts';
import type { Stage } from '../incident-run.ts';
import { question } from './question.ts';

/** An office as a worker's activities reach it, for incidents that have no workflow of their own. */
export interface Desk {
  /** Opens the office as an activity does. */
  open(): Promise<void>;
  say(saying: Saying): Promise<Permit | null>;
  /** Asks for leave for a target, in the name of an incident of which it is the given attempt. */
  ask(target: string, incident?: IncidentRun, attempt?: number): Promise<Permit | null>;
}

export function openDesk({ environment }: Stage, cluster: string, limits: Limits): Desk {
  const offices = permitOffices(environment.client, cluster);
  const say = (saying: Saying) => offices.say(cluster, saying, false) as Promise<Permit | null>;
  return {
    open: () => offices.open(cluster, false),
    say,
    ask(name, incident = newIncident(), attempt = 1) {
      const target = { cluster, namespace: 'ml', kind: 'Deployment' as const, name };
      return say({ kind: 'ask', request: question(target, incident, limits, attempt) });
    },
  };
}

export function newIncident(): IncidentRun {
  return { incident: `incident-${crypto.randomUUID()}`, run: crypto.randomUUID() };
}
