import { Client } from '@temporalio/client';
import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkflowBundle,
  type WorkflowBundlePath,
} from '@temporalio/worker';
import { bringingActivities } from '../activities/bringing.ts';
import type { Channels } from '../activities/channels.ts';
import { confirmingActivities } from '../activities/confirming.ts';
import { type Digesting, digestingActivities } from '../activities/digesting.ts';
import { type DrillParts, drillCourseActivities } from '../activities/drill-course.ts';
import { drillGroundActivities } from '../activities/drill-ground.ts';
import { healingActivities } from '../activities/healing.ts';
import { learningActivities } from '../activities/learning.ts';
import { permitActivities } from '../activities/permits.ts';
import { qualityActivities } from '../activities/quality.ts';
import { showingActivities } from '../activities/showing.ts';
import { surveyingActivities } from '../activities/surveying.ts';
import { tellingActivities } from '../activities/telling.ts';
import { watchingActivities } from '../activities/watching.ts';
import type { Cluster } from '../clients/cluster.ts';
import type { ModelServers } from '../clients/model-servers.ts';
import type { PermitOffices } from '../clients/permit-offices.ts';
import type { Registries } from '../clients/registries/model-registry.ts';
import type { IncidentMessages } from '../clients/slack/incident-messages.ts';
import type { AuditFigures } from './audit-figures.ts';
import { portionBringer } from './bring-portion.ts';
import { countAudit } from './count-audit.ts';
import { experienceKeeper } from './experiences.ts';
import { modelRecordKeeper } from './model-records.ts';
import { permitOffices } from './permit-offices.ts';
import { ALL_CLUSTERS_QUEUE } from './settings.ts';

/** What a worker is made of; tests put doubles of what is outside here. */
export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly kubernetes: Cluster;
  /** Null: no registry is configured, and no model can be rolled back. */
  readonly registries: Registries;
  /** Absent: none are watched. */
  readonly servers?: ModelServers;
  readonly channels: Channels;
  /** Absent: no drill can be run. */
  readonly drills?: DrillParts;
  /** Absent: nothing is counted. */
  readonly figures?: AuditFigures;
  /** Absent: nothing is shown in Slack. */
  readonly messages?: IncidentMessages;
  /** What stands around every activity; absent: nothing but what counts. */
  readonly interceptors?: readonly ActivityInterceptorsFactory[];
  readonly workflowBundle: WorkflowBundle | WorkflowBundlePath;
}

/** What every worker of ours is like. */
const COMMON = {
  // A person who cancels an incident is not kept waiting for a look that lasts.
  maxHeartbeatThrottleInterval: '3s',
  shutdownGraceTime: '10s',
  shutdownForceTime: '20s',
} as const;

/** A worker for one cluster: its incidents' workflows, its permit office, and the activities that act there. */
export async function createWorker(parts: WorkerParts): Promise<Worker> {
  const offices = officesOf(parts);
  const client = new Client({ connection: parts.connection, namespace: parts.namespace });
  const records = modelRecordKeeper(client);
  const experiences = experienceKeeper(client, parts.taskQueue);
  const isEnding = () => worker.getState() !== 'RUNNING';
  const worker: Worker = await Worker.create({
    ...COMMON,
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    workflowBundle: parts.workflowBundle,
    interceptors: { activity: [...(parts.figures ? [countAudit(parts.figures)] : []), ...(parts.interceptors ?? [])] },
    activities: {
      ...healingActivities(parts.kubernetes, offices, experiences),
      ...learningActivities(experiences),
      ...bringingActivities(portionBringer({ ...parts, client, log: (...said) => parts.channels.log(...said) })),
      ...confirmingActivities(parts.registries, records),
      ...permitActivities(offices),
      ...qualityActivities(parts.kubernetes, parts.registries),
      ...showingActivities(parts.messages ?? null),
      ...surveyingActivities(parts.kubernetes),
      ...tellingActivities(parts.channels, parts.kubernetes),
      ...(parts.drills ? { ...drillGroundActivities(parts.drills), ...drillCourseActivities(parts.drills) } : {}),
      ...(parts.servers ? watchingActivities(parts.servers, records, { isEnding }) : {}),
    },
  });
  return worker;
}

/**
 * A hand for what all clusters share: their permit office, of which it writes down what people command there, and digests. It acts nowhere.
 * @param digesting absent: nothing is digested
 */
export function createSharedWorker(
  parts: Pick<WorkerParts, 'connection' | 'namespace' | 'workflowBundle' | 'channels'> & { readonly digesting?: Digesting },
): Promise<Worker> {
  const { audit } = tellingActivities(parts.channels, { recordEvent: async () => undefined });
  return Worker.create({
    ...COMMON,
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: ALL_CLUSTERS_QUEUE,
    workflowBundle: parts.workflowBundle,
    activities: {
      ...permitActivities(officesOf({ ...parts, taskQueue: ALL_CLUSTERS_QUEUE })),
      ...(parts.digesting ? digestingActivities(parts.digesting) : {}),
      audit,
    },
  });
}

function officesOf({ connection, namespace, taskQueue }: Pick<WorkerParts, 'connection' | 'namespace' | 'taskQueue'>): PermitOffices {
  return permitOffices(new Client({ connection, namespace }), taskQueue);
}
