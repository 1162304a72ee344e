import type { Person } from '../../incident/person.ts';
import { decisionDesk } from '../../worker/decision-desk.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';
import { ANSWER_WITHIN_MS } from './answer-within.ts';

/** What `acknowledge` takes. */
export interface AcknowledgeOptions {
  readonly reason?: string;
  readonly by: string;
  readonly data: string;
  readonly json?: true;
}

/** @throws one sentence when there is no such incident, no worker, or nobody was told of it */
export function printAcknowledgement(incident: string, { reason = '', by, data, json }: AcknowledgeOptions): Promise<void> {
  return withIncidents(data, async ({ client, settings }) => {
    const who: Person = { id: by, name: by, way: 'commandLine', groups: [] };
    const desk = decisionDesk(client, taskQueueOf(settings.PARAMEDIC_CLUSTER), ANSWER_WITHIN_MS);
    const why = await desk.acknowledge(incident, who, reason);
    if (why !== null) throw new Error(printable(why));
    process.stdout.write(
      json
        ? `${JSON.stringify({ incident, by, reason })}\n`
        : printable(`${incident} is ${by}'s. Nobody else is told or reminded.`).concat('\n'),
    );
  });
}
