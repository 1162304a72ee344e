import type { KubeConfig } from '@kubernetes/client-node';
import { Client, type Connection, type ConnectionLike } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type pino from 'pino';
import type { Channels } from '../activities/channels.ts';
import type { Digesting } from '../activities/digesting.ts';
import { openTrail } from '../clients/audit/trail.ts';
import type { DecisionDesk } from '../clients/decision-desk.ts';
import type { DrilledIncidents } from '../clients/drilled-incidents.ts';
import { objectsIn } from '../clients/kubernetes/any-objects.ts';
import { kubernetesCluster } from '../clients/kubernetes/cluster.ts';
import { modelServers } from '../clients/kubernetes/list-servers.ts';
import { remembered } from '../clients/registries/remembered.ts';
import { slackDigests } from '../clients/slack/digests.ts';
import { type IncidentMessages, slackIncidentMessages } from '../clients/slack/incident-messages.ts';
import { DRILL_FIELD_MANAGER } from '../drills/marks.ts';
import { readPack } from '../drills/read-pack.ts';
import { Drill } from '../drills/schema.ts';
import { faultText } from '../runbooks/fault.ts';
import { type LoadedRunbooks, loadRunbooks } from '../runbooks/load.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { readyWorkflows } from './bundle.ts';
import { codeVersion } from './code-version.ts';
import { decisionDesk } from './decision-desk.ts';
import { drilledIncidents } from './drilled-incidents.ts';
import { histories } from './histories/histories.ts';
import { incidentLinks } from './incident-links.ts';
import type { WorkerFigures } from './metrics.ts';
import { modelRecordKeeper, recordsOf } from './model-records.ts';
import { openClient } from './open-client.ts';
import { createSharedWorker, createWorker } from './run-worker.ts';
import { type Settings, taskQueueOf } from './settings.ts';
import { statusSources } from './status-sources.ts';
import { openSystems } from './systems/open-systems.ts';

const REGISTRY_ASKED_EVERY_MS = 60_000;

/** What a process works by: its runbooks, the limits they are under, and whom they tell. */
export type Policy = Pick<LoadedRunbooks, 'runbooks' | 'limits' | 'channels' | 'sources'>;

/**
 * The policy this process works by.
 * @param actsToo runbooks that observe act, too; those that ask a person still do.
 * @throws with every fault when a runbook is faulty.
 */
export function loadPolicy(settings: Settings, actsToo: boolean): Policy {
  const { runbooks, limits, channels, sources, faults } = loadRunbooks(settings.PARAMEDIC_RUNBOOKS);
  if (faults.length > 0)
    throw new Error(`Cannot start with faulty runbooks:\n${faults.map((fault) => `  ${faultText(fault)}`).join('\n')}`);
  const modeOf = ({ mode }: Runbook) => (actsToo && mode === 'observe' ? 'auto' : mode);
  return { runbooks: runbooks.map((runbook) => ({ ...runbook, mode: modeOf(runbook) })), limits, channels, sources };
}

/** By which ways a worker tells people, and whom of what many targets share. */
export type ToldPeople = Required<Pick<Channels, 'named' | 'chain'>>;

/**
 * Settings turned into workers: the cluster's own, and the hand it lends to what all clusters share. Clients of outside systems are
 * constructed here and in `systems/`, and nowhere else.
 */
export async function openWorkers(
  settings: Settings,
  cluster: KubeConfig,
  connection: NativeConnection,
  log: pino.Logger,
  figures: WorkerFigures,
  people: ToldPeople,
  drills: { readonly runbooks: Policy['runbooks']; readonly take: DrilledIncidents['take'] },
): Promise<Worker[]> {
  const client = new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE });
  const systems = openSystems(settings, recordsOf(modelRecordKeeper(client), settings.PARAMEDIC_CLUSTER));
  // A watch looks every few seconds, and tells records what they need not tell it.
  const watched = { ...systems, records: null, registries: remembered(systems.registries, REGISTRY_ASKED_EVERY_MS) };
  const workflowBundle = await readyWorkflows(settings.PARAMEDIC_WORKFLOW_BUNDLE);
  const trail = openTrail(settings.PARAMEDIC_AUDIT_LOG, codeVersion(settings));
  const channels: Channels = {
    escalationWebhooks: settings.PARAMEDIC_ESCALATION_WEBHOOK ?? [],
    writeAudit: trail.write,
    log: (message, fields) => log.info(fields, message),
    count: figures.message,
    ...people,
  };
  const own = await createWorker({
    connection,
    namespace: settings.TEMPORAL_NAMESPACE,
    taskQueue: taskQueueOf(settings.PARAMEDIC_CLUSTER),
    kubernetes: kubernetesCluster(cluster, systems),
    registries: systems.registries,
    servers: modelServers(cluster, watched, settings.PARAMEDIC_CLUSTER),
    workflowBundle,
    ...messagesOf(settings),
    channels,
    figures: figures.audit,
    drills: {
      objectsIn: (namespace) => objectsIn(cluster, namespace, DRILL_FIELD_MANAGER),
      ownNamespaces: ownNamespaces(settings, cluster),
      pack: () => readPack(Drill, settings.PARAMEDIC_DRILLS),
      runbooks: drills.runbooks,
      incidents: drilledIncidents(client, drills.take),
    },
  });
  const digesting = digestingOf(settings, client);
  return [own, await createSharedWorker({ connection, namespace: settings.TEMPORAL_NAMESPACE, workflowBundle, channels, digesting })];
}

/** Where Paramedic is, or may be: where its Lease is, and where this process itself runs, if that is in the cluster. */
function ownNamespaces({ PARAMEDIC_WATCH_LEASE_NAMESPACE: lease }: Settings, cluster: KubeConfig): string[] {
  const context = cluster.getContextObject(cluster.getCurrentContext());
  const here = context?.name === 'inClusterContext' ? context.namespace : undefined;
  return [lease, ...(here === undefined ? [] : [here])];
}

/** Messages about incidents in Slack, where there is a token for them. */
function messagesOf(settings: Settings): { readonly messages?: IncidentMessages } {
  const { PARAMEDIC_SLACK_BOT_TOKEN: botToken, PARAMEDIC_SLACK_URL: url } = settings;
  return botToken === undefined ? {} : { messages: slackIncidentMessages({ url, botToken }, incidentLinks(settings)) };
}

/** What digests are made from, and where they go. */
function digestingOf(settings: Settings, client: Client): Digesting {
  const { PARAMEDIC_SLACK_BOT_TOKEN: botToken, PARAMEDIC_SLACK_URL: url } = settings;
  const digests = botToken === undefined ? null : slackDigests({ url, botToken });
  return { histories: histories(client), linkTo: incidentLinks(settings), digests };
}

/** Where people's decisions go. */
export function openDecisionDesk(settings: Settings, connection: ConnectionLike, answerWithinMs: number): DecisionDesk {
  return decisionDesk(openClient(settings, connection), taskQueueOf(settings.PARAMEDIC_CLUSTER), answerWithinMs);
}

/** How the cluster stands, as its gateway shows it. */
export function openStatusSources(settings: Settings, connection: ConnectionLike) {
  return statusSources(openClient(settings, connection), settings.PARAMEDIC_CLUSTER, incidentLinks(settings));
}

/** What the gateway needs to turn alerts into incidents. */
export function openIntake(settings: Settings, policy: Policy, cluster: KubeConfig, connection: Connection) {
  return {
    ...policy,
    cluster: settings.PARAMEDIC_CLUSTER,
    taskQueue: taskQueueOf(settings.PARAMEDIC_CLUSTER),
    kubernetes: kubernetesCluster(cluster, openSystems(settings)),
    client: openClient(settings, connection),
  };
}
