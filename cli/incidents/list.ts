import type { FailureType } from '../../incident/failure-type.ts';
import type { IncidentRow } from '../../incident/incident-row.ts';
import { listIncidents } from '../../worker/incident-list.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { tableText } from '../table.ts';
import type { IncidentRecord } from './connect.ts';

/** gRPC's number for a query that cannot be understood, as of an attribute nobody registered. */
const INVALID_ARGUMENT = 3;

/** Which incidents are asked for. */
export interface Filter {
  readonly type?: FailureType;
  readonly namespace?: string;
  readonly state: 'open' | 'closed' | 'any';
  readonly limit: number;
}

/** Some incidents, and how many match. */
export interface Found {
  readonly incidents: readonly IncidentRow[];
  readonly total: number;
}

/**
 * Those that match, the open ones first.
 * @throws one sentence when Temporal has never been used by Paramedic.
 */
export async function findIncidents({ client, settings, linkTo }: IncidentRecord, filter: Filter): Promise<Found> {
  try {
    const query = queryOf(filter);
    const incidents = await listIncidents(client, linkTo, query, filter.limit);
    return { incidents, total: incidents.length < filter.limit ? incidents.length : (await client.workflow.count(query)).count };
  } catch (error) {
    if ((error as { cause?: { code?: number } }).cause?.code !== INVALID_ARGUMENT) throw error;
    throw new Error(
      `There are no incidents at ${settings.TEMPORAL_ADDRESS}: the namespace "${settings.TEMPORAL_NAMESPACE}" does not have Paramedic's search attributes, which a worker registers when it starts.`,
      { cause: error },
    );
  }
}

/** Values are letters, digits and hyphens only, so that none can change the query. */
function queryOf({ type, namespace, state }: Filter): string {
  const { failureType, namespace: inNamespace } = incidentAttributes;
  return [
    type ? `${failureType.name} = '${type}'` : `${failureType.name} IS NOT NULL`,
    ...(namespace ? [`${inNamespace.name} = '${namespace}'`] : []),
    // A run that went on as another failure type is no end.
    ...(state === 'open' ? [`ExecutionStatus = 'Running'`] : [`ExecutionStatus != 'ContinuedAsNew'`]),
    ...(state === 'closed' ? [`ExecutionStatus != 'Running'`] : []),
  ].join(' AND ');
}

/** The incidents as a table for people. */
export function incidentTable({ incidents, total }: Found): string {
  if (incidents.length === 0) return 'No incident matches.\n';
  const header = ['STARTED', 'STATE', 'TYPE', 'CAUSE', 'REMEDY', 'OUTCOME', 'MODE', 'INCIDENT'];
  const lines = incidents.map((row) => [
    row.startedAt.slice(0, 19).replace('T', ' '),
    row.state === 'open' ? (row.phase ?? 'open') : row.state,
    row.failureType,
    ...[row.cause, row.remedy, row.outcome, row.mode].map((cell) => cell ?? '-'),
    row.id,
  ]);
  const more = total > incidents.length ? `${incidents.length} of ${total}; see --limit, --type and --namespace.\n` : '';
  return `${tableText(header, lines)}${more}`;
}
