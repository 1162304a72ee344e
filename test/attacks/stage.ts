import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkflowHandle } from '@temporalio/client';
import { slackIncidentMessages } from '../../clients/slack/incident-messages.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { createGateway } from '../../gateway/server.ts';
import { openSlack } from '../../gateway/slack/app.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { Evidence } from '../../incident/evidence.ts';
import { incidentWorkflowId } from '../../incident/incident.ts';
import type { Person } from '../../incident/person.ts';
import type { Target } from '../../incident/target.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { decisionDesk } from '../../worker/decision-desk.ts';
import { createWorker } from '../../worker/run-worker.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import type { Asked } from '../../workflows/decision-call.ts';
import { alertsFired, asked } from '../../workflows/messages.ts';
import { evidence, sickPod } from '../evidence.ts';
import { alertmanagerAlone } from '../gateway/open-sources.ts';
import { SIGNING_SECRET } from '../gateway/slack-request.ts';
import { layer } from '../limits.ts';
import { only, scriptedCluster, scriptedRegistry } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { BOT_TOKEN, CHANNEL, openSlackDouble, TEAM } from '../vendors/slack/double.ts';
import { newTarget, runbook, setTheStage } from '../workflows/incident-run.ts';

/** Tokens over HTTP, by the names of their holders. */
export const TOKENS = {
  anna: 'planted-token-of-anna',
  ben: 'planted-token-of-ben',
  eve: 'planted-token-of-eve',
  'paramedic-bot': 'planted-token-of-a-bot',
};
export const SLACK_USERS = { anna: 'U0ANNA', ben: 'U0BEN', carl: 'U0CARL', eve: 'U0EVE', bot: 'U0ROBOT', gone: 'U0GONE' } as const;
const EVERYBODY = [SLACK_USERS.anna, SLACK_USERS.ben, SLACK_USERS.bot, SLACK_USERS.gone];

/** anna and ben may decide, in Slack also those who are bots or gone; carl may in another namespace; nobody who raised an incident. */
export function asking(change: Partial<Runbook['approval']> = {}): Runbook {
  const approvers = { people: ['anna', 'ben', 'paramedic-bot', 'Paramedic'], slackUsers: EVERYBODY, slackGroups: [] };
  const others = { people: ['carl'], slackUsers: [SLACK_USERS.carl], slackGroups: [] };
  return runbook('podCrash', {
    mode: 'approve',
    slackChannel: CHANNEL,
    approval: { withinSeconds: 1_800, approvers, namespaces: { payments: others }, fourEyes: true, ...change },
  });
}

/** An incident that asks. */
export interface Asking {
  readonly handle: WorkflowHandle;
  readonly target: Target;
  readonly question: Asked;
}

export type PeopleStage = Awaited<ReturnType<typeof openPeopleStage>>;

/** A real Temporal, a worker, a gateway, and Slack in memory, over a cluster in which every target has a bad release. */
export async function openPeopleStage() {
  const stage = await setTheStage();
  const { client, nativeConnection: connection } = stage.environment;
  const { namespace } = client.options;
  const slack = await openSlackDouble();
  for (const [name, id] of Object.entries(SLACK_USERS)) slack.addUser({ id, name, is_bot: name === 'bot', deleted: name === 'gone' });
  const trail: AuditEntry[] = [];
  const generations = new Map<string, number>();
  const healthy = new Set<string>();
  const cluster = scriptedCluster([evidence({ pods: [sickPod({})], replicasReady: 0 })]);
  const observe = async ({ name }: Target): Promise<Evidence> =>
    healthy.has(name) ? evidence({}) : { ...evidence({ pods: [sickPod({})], replicasReady: 0 }), generation: generations.get(name) ?? 2 };
  const clusterName = `attacked-${process.pid}`;
  const taskQueue = taskQueueOf(clusterName);
  const startWorker = () =>
    createWorker({
      ...{ connection, namespace, taskQueue, kubernetes: { ...cluster, observe }, registries: only(scriptedRegistry()) },
      messages: slackIncidentMessages({ url: slack.url, botToken: BOT_TOKEN }, () => null),
      channels: {
        escalationWebhooks: [],
        writeAudit(entry) {
          trail.push(entry);
          return '';
        },
        log: () => undefined,
      },
      workflowBundle: stage.workflowBundle,
    });
  let worker = await startWorker();
  let running = worker.run();
  const decisions = decisionDesk(client, taskQueue, 10_000);
  const logged: string[] = [];
  const note = (fields: object, message: string) => void logged.push(`${JSON.stringify(fields)} ${message}`);
  const log = { debug: note, info: note, warn: note };
  const access = { signingSecret: SIGNING_SECRET, appToken: null, botToken: BOT_TOKEN, team: TEAM, users: [], groups: [], url: slack.url };
  const door = openSlack(access, { permits: () => null, decisions: () => decisions }, log);
  const people = Object.entries(TOKENS).map(([name, token]) => ({ name, token }));
  const gateway: Server = createGateway({
    ...{ intake: () => null, desk: () => null, decisions: () => decisions, people, slack: door, webhooks: {}, records: () => null },
    ...{ sources: alertmanagerAlone(), metrics: gatewayMetrics(), health: async () => null, log },
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));

  /** Begins an incident and waits until it asks. @param raisedBy who raised it by hand */
  async function ask(chosen = asking(), raisedBy?: Person): Promise<Asking> {
    const target = newTarget();
    const handle = await client.workflow.signalWithStart('podCrash', {
      workflowId: incidentWorkflowId('podCrash', target),
      taskQueue,
      args: [{ target, runbook: chosen, limits: [layer()] }],
      signal: alertsFired,
      signalArgs: [[{ name: 'A', status: 'firing', fingerprint: 'a1', labels: {}, annotations: {}, ...(raisedBy ? { raisedBy } : {}) }]],
    });
    await until('it asks', async () => (await handle.query(asked)) !== null, 50);
    return { handle, target, question: (await handle.query(asked))! };
  }

  return {
    ask,
    slack,
    trail,
    logged,
    cluster,
    client,
    port: (gateway.address() as AddressInfo).port,
    temporal: { ...stage.settings, PARAMEDIC_CLUSTER: clusterName },
    /** The target is another one from now on. */
    change: ({ name }: Target) => generations.set(name, (generations.get(name) ?? 2) + 1),
    /** The worker ends, and another one takes its place, as when a new version is rolled out. */
    async replaceWorker() {
      worker.shutdown();
      await running;
      worker = await startWorker();
      running = worker.run();
    },
    heal: ({ name }: Target) => healthy.add(name),
    async leave() {
      await door.stop();
      await new Promise((resolve) => gateway.close(resolve));
      worker.shutdown();
      await running;
      await slack.close();
      await stage.leave();
    },
  };
}
