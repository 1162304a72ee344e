import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { PermitOffices } from '../clients/permit-offices.ts';
import { EMPTY_LEDGER, type Ledger } from '../guards/ledger/ledger.ts';
import { type IncidentRun, permitOfficeWorkflowId } from '../incident/incident.ts';
import { guardBoard, officeLedger, whyPermitVoid } from '../workflows/messages.ts';
import { type Counter, openCounter } from './office-counter.ts';
import { ALL_CLUSTERS_QUEUE } from './settings.ts';

const DESCRIBED_AT_ONCE = 20;
/** gRPC's numbers for a call that was given up, ran out of time, or reached nobody. */
const UNANSWERED: readonly unknown[] = [1, 4, 14];
/** What Temporal says of a query, by the number of a call that makes no sense, where it knows of no worker. */
const NO_WORKER = /no poller seen for task queue/;
const BOARD_WITHIN_MS = 2_000;

/** The permit offices as workflows of the Temporal that the client reaches. @param taskQueue where the cluster's office runs */
export function permitOffices(client: Pick<Client, 'workflow'>, taskQueue: string): PermitOffices {
  const counters = new Map<string | null, Counter>();

  async function open(cluster: string | null, isLastTry = false): Promise<void> {
    const workflowId = permitOfficeWorkflowId(cluster);
    const ledger = await recordBefore(client, workflowId, isLastTry);
    if (ledger === 'isOpen') return;
    await client.workflow.start('permitOffice', {
      workflowId,
      taskQueue: cluster === null ? ALL_CLUSTERS_QUEUE : taskQueue,
      args: [{ cluster, ledger, led: [] }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: cluster === null ? 'Grants permits: what all clusters share' : `Grants permits for the cluster ${cluster}`,
      staticDetails:
        'Updates that stop and go on: `freeze` and `thaw`, with {} for everything or {"namespace": "…", "runbook": "…", "forSeconds": 600, "reason": "…"}.',
    });
  }

  return {
    open,

    say(cluster, saying, isLastTry) {
      const counter = counters.get(cluster) ?? openCounter(client, permitOfficeWorkflowId(cluster), (last) => open(cluster, last));
      counters.set(cluster, counter);
      return counter(saying, isLastTry);
    },

    async whyVoid(cluster, id) {
      for (const office of [cluster, null]) {
        const why = await client.workflow.getHandle(permitOfficeWorkflowId(office)).query(whyPermitVoid, id);
        if (why !== null) return why;
      }
      return null;
    },

    async closedOf(incidents) {
      const closed: IncidentRun[] = [];
      for (let start = 0; start < incidents.length; start += DESCRIBED_AT_ONCE) {
        const some = incidents.slice(start, start + DESCRIBED_AT_ONCE);
        const open = await Promise.all(some.map((one) => isOpen(client, one)));
        closed.push(...some.filter((_, index) => !open[index]));
      }
      return closed;
    },
  };
}

/** Whether the records of the cluster's office and of that of all clusters are lost; what cannot be told soon is left out. */
export async function lostRecords(client: Client, cluster: string): Promise<Readonly<Record<string, boolean>>> {
  const told = await Promise.all(
    [cluster, null].map(async (office) => {
      const id = permitOfficeWorkflowId(office);
      const board = () => client.workflow.getHandle(id).query(guardBoard);
      return client.withDeadline(Date.now() + BOARD_WITHIN_MS, board).then(
        ({ lostMs }) => [[id, lostMs !== null] as const],
        () => [],
      );
    }),
  );
  return Object.fromEntries(told.flat());
}

/**
 * What the office of this id knew when it closed, as a worker can still tell; an empty record when there never was one. Null, which
 * an office takes for a lost record, when there was one and it cannot be read.
 * @throws when it cannot be read just now, since no worker answers or Temporal is away: that is not a record that is lost.
 */
async function recordBefore(client: Pick<Client, 'workflow'>, workflowId: string, isLastTry: boolean): Promise<Ledger | null | 'isOpen'> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') return 'isOpen';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return EMPTY_LEDGER;
    throw error;
  }
  try {
    return await handle.query(officeLedger);
  } catch (error) {
    if (isClosedUnbegun(error)) return carriedBy(client, workflowId);
    if (isLastTry || error instanceof QueryNotRegisteredError || error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** A run that was closed before it did anything; it knows what was handed to it. */
function isClosedUnbegun(error: unknown): boolean {
  return error instanceof ServiceError && /closed before WorkflowTaskStarted/.test(String((error.cause as Error | undefined)?.message));
}

async function carriedBy({ workflow }: Pick<Client, 'workflow'>, workflowId: string): Promise<Ledger | null> {
  const { events } = await workflow.getHandle(workflowId).fetchHistory();
  const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [carried] = (await decodeArrayFromPayloads(workflow.options.loadedDataConverter, input)) as [{ ledger?: Ledger } | undefined];
  return carried?.ledger ?? null;
}

/** Whether nobody answered in time, as against an answer that it cannot be done. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const { cause } = error as { cause?: unknown };
  return [error, cause].some((one) => isGrpcServiceError(one) && (UNANSWERED.includes(one.code) || NO_WORKER.test(one.details)));
}

async function isOpen({ workflow }: Pick<Client, 'workflow'>, { incident, run }: IncidentRun): Promise<boolean> {
  try {
    return (await workflow.getHandle(incident, run).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
