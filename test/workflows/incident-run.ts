import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowHandle, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, type WorkflowBundlePath } from '@temporalio/worker';
import type { Channels } from '../../activities/channels.ts';
import type { Digesting } from '../../activities/digesting.ts';
import type { ApprovalRequest } from '../../incident/approval.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { FailureType } from '../../incident/failure-type.ts';
import type { Outcome } from '../../incident/incident.ts';
import type { Target } from '../../incident/target.ts';
import { openWorlds, type Worlds } from '../../rehearsal/worlds.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { isUnanswered } from '../../worker/permit-offices.ts';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import { createSharedWorker } from '../../worker/run-worker.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { alertResolved, asked, type DecisionCall, decide, story } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { layer } from '../limits.ts';
import type { scriptedCluster } from '../scripted-cluster.ts';
import { only, scriptedRegistry } from '../scripted-cluster.ts';
import { writeBundle } from '../temporal/bundle.ts';
import { joinTemporal, startTemporal } from '../temporal/server.ts';
import { shared } from '../temporal/shared.ts';
import { until } from '../until.ts';

/** A namespace of a real Temporal server, and the workflows' bundle. */
export interface Stage {
  readonly environment: TestWorkflowEnvironment;
  readonly workflowBundle: WorkflowBundlePath;
  /** By which a process of ours reaches it. */
  readonly settings: { readonly TEMPORAL_ADDRESS: string; readonly TEMPORAL_NAMESPACE: string };
  /** Begun when it is first asked for. */
  worker(): Promise<Worlds>;
  /** What people commanded in all clusters, as it was written down. */
  readonly commands: readonly AuditEntry[];
  leave(): Promise<void>;
}

/** What a stage has otherwise than most. */
interface StageOptions {
  /** The server's dynamic configuration, where a test needs a server of its own. */
  readonly serverConfig?: readonly string[];
  /** The file that one keeps all in. */
  readonly file?: string;
  /** What digests are made from, where there are any. */
  readonly digesting?: (client: Client) => Digesting;
}

export async function setTheStage(options: StageOptions = {}): Promise<Stage> {
  // Failures that tests bring about on purpose would fill pages.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const ready = shared();
  const environment = await (ready && !options.serverConfig
    ? joinTemporal(ready.address)
    : startTemporal(options.serverConfig, options.file));
  const { namespace } = environment.client.options;
  await registerSearchAttributes(environment.connection, namespace);
  const own = ready ? null : await writeBundle();
  const workflowBundle = { codePath: own?.codePath ?? ready!.codePath };
  const commands: AuditEntry[] = [];
  const channels = { escalationWebhooks: [], writeAudit: (entry: AuditEntry) => String(commands.push(entry)), log: () => undefined };
  const digesting = options.digesting?.(environment.client);
  const sharedOffices = await createSharedWorker({
    ...{ connection: environment.nativeConnection, namespace, workflowBundle, channels },
    ...(digesting ? { digesting } : {}),
  });
  const ended = sharedOffices.run();
  let worker: Promise<Worlds> | undefined;
  return {
    environment,
    workflowBundle,
    commands,
    settings: { TEMPORAL_ADDRESS: environment.address, TEMPORAL_NAMESPACE: namespace },
    worker() {
      worker ??= openWorlds({ connection: environment.nativeConnection, namespace, taskQueue: taskQueueOf('test'), workflowBundle });
      return worker;
    },
    async leave() {
      await (await worker)?.stop();
      sharedOffices.shutdown();
      await ended;
      await environment.teardown();
      own?.remove();
    },
  };
}

/** A runbook in auto mode that waits for nothing, changed as the test wants. */
export function runbook(failureType: FailureType, change: Partial<Runbook> = {}): Runbook {
  const text = `{ name: test, failureType: ${failureType}, match: { alerts: [A] }, mode: auto, settleSeconds: 0, alertEndsSeconds: 1, flapping: { quietSeconds: 0 },
    remedies: [restart, undoRelease, raiseMemory, rollBackModel, leaveNode, undoPolicy],
    attempts: { max: 3, backoffFirstSeconds: 0 }, verify: { stableSeconds: 0, timeoutSeconds: 1 } }`;
  const [parsed] = parseRunbook('test', text).runbooks;
  if (!parsed) throw new Error('The test runbook does not parse.');
  return { ...parsed, ...change };
}

/** Who may decide by a runbook that names nobody. */
export const ANYBODY = { approvers: null, namespaces: {}, fourEyes: false } as const;

/** What an incident left behind. */
export interface Run {
  readonly outcome: Outcome;
  readonly acts: readonly string[];
  readonly escalations: readonly { reason: string; nextStep: string }[];
  /** What people were asked to decide on. */
  readonly requests: readonly ApprovalRequest[];
  /** Steps of the audit trail, in order, after that the incident opened. */
  readonly audit: readonly string[];
  readonly told: readonly string[];
  readonly registry: ReturnType<typeof scriptedRegistry>;
  readonly workflowId: string;
}

/** Often enough that no test waits for it, and seldom enough that the server has time for others. */
const LOOK_EVERY_MS = 50;

let targets = 0;

/** A target no other test has, in a cluster, and so with a permit office, of its own. */
export function newTarget(kind: Target['kind'] = 'Deployment'): Target {
  const name = `target-${process.pid}-${++targets}`;
  return { cluster: `cluster-of-${name}`, namespace: 'ml', kind, name };
}

/**
 * Runs one incident to its end over the scripted cluster; its alert is over once a person is asked or the cure is verified.
 * @param decision what a person answers, where the runbook asks one
 */
export async function runIncident(
  stage: Stage,
  chosen: Runbook,
  cluster: ReturnType<typeof scriptedCluster>,
  target = newTarget(),
  writeAudit: (line: string) => void = () => undefined,
  decision?: DecisionCall['decision'],
): Promise<Run> {
  const { seen, result } = await onWorker(stage, chosen, cluster, target, writeAudit, async (handle) => {
    if (decision) await answer(handle, decision);
    return toItsEnd(handle, decision ? DECIDED : ASKED_OR_DONE);
  });
  return { ...seen, outcome: result };
}

/** Runs an incident that a drill brought about to its end. */
export async function runDrilled(stage: Stage, chosen: Runbook, cluster: ReturnType<typeof scriptedCluster>, target = newTarget()) {
  const play = (handle: WorkflowHandle) => toItsEnd(handle, ASKED_OR_DONE);
  const { seen, result } = await onWorker(stage, chosen, cluster, target, () => undefined, play, {}, true);
  return { ...seen, outcome: result };
}

async function toItsEnd(handle: WorkflowHandle, when: RegExp): Promise<Outcome> {
  await untilTold(handle, when);
  if (when === ASKED_OR_DONE && (await handle.query(asked))) await untilSent(handle);
  await handle
    .signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} })
    .catch(() => undefined);
  return (await handle.result()) as Outcome;
}

const ASKED_OR_DONE = /A person is needed|A decision is asked|Verdict: recovered|Closed/;
const DECIDED = /A person is needed|Verdict: recovered|watched until|Closed/;

async function answer(handle: WorkflowHandle, decision: DecisionCall['decision']): Promise<void> {
  for (; ; await pause(LOOK_EVERY_MS)) {
    const question = await handle.query(asked);
    if (!question) continue;
    await untilSent(handle);
    return handle.executeUpdate(decide, { args: [{ plan: question.id, decision, by: 'anna' }] });
  }
}

/** An answer may come before the question has gone out, which then never goes out. */
export async function untilSent(handle: WorkflowHandle): Promise<void> {
  await until('the question has gone out', async () => {
    const { events } = await handle.fetchHistory();
    const sent = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'askApproval');
    const done = new Set((events ?? []).map((event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId)));
    return sent.some(({ eventId }) => done.has(String(eventId)));
  });
}

/** Begins an incident that a person cancels as soon as it has told what the pattern matches. Returns how Temporal shows it. */
export async function cancelIncident(stage: Stage, chosen: Runbook, cluster: ReturnType<typeof scriptedCluster>, when: RegExp) {
  const { seen, result } = await onWorker(
    stage,
    chosen,
    cluster,
    newTarget(),
    () => undefined,
    async (handle) => {
      await untilTold(handle, when);
      await handle.cancel();
      await handle.result().catch(() => undefined);
      return (await handle.describe()).status.name;
    },
  );
  return { ...seen, status: result };
}

export async function untilTold(handle: WorkflowHandle, what: RegExp): Promise<void> {
  // Where its worker was killed nobody answers for a while.
  const told = () => handle.query(story).catch((error) => (isUnanswered(error) ? [] : Promise.reject(error)));
  await until(`an incident tells ${what}`, async () => (await told()).some((line) => what.test(line)), LOOK_EVERY_MS);
}

/** Starts one incident over the scripted cluster, and lets the test play with it. */
export async function onWorker<T>(
  { environment, worker }: Stage,
  chosen: Runbook,
  cluster: ReturnType<typeof scriptedCluster>,
  target: Target,
  writeAudit: (line: string) => void,
  play: (handle: WorkflowHandleWithFirstExecutionRunId) => Promise<T>,
  channels: Partial<Channels> = {},
  isDrill = false,
): Promise<{ seen: Omit<Run, 'outcome'>; result: T }> {
  const registry = scriptedRegistry();
  const escalations: { reason: string; nextStep: string }[] = [];
  const requests: ApprovalRequest[] = [];
  const audit: string[] = [];
  const workflowId = `test/${crypto.randomUUID()}`;
  const { taskQueue, enter } = await worker();
  enter(workflowId, target.cluster, {
    kubernetes: cluster,
    registries: only(registry),
    channels: {
      escalationWebhooks: [],
      writeAudit(entry) {
        writeAudit(JSON.stringify(entry));
        if (entry.step !== 'Opened') audit.push(entry.step);
        return 'its hash';
      },
      log: (_message, fields) => {
        if ('escalation' in fields) escalations.push(fields.escalation as (typeof escalations)[number]);
        if ('request' in fields) requests.push(fields.request as ApprovalRequest);
      },
      ...channels,
    },
  });
  const handle = await environment.client.workflow.start(chosen.failureType, {
    workflowId,
    taskQueue,
    args: [{ target, runbook: chosen, limits: [layer()] }],
    ...(isDrill ? { typedSearchAttributes: [{ key: incidentAttributes.drill, value: true }] } : {}),
  });
  const result = await play(handle);
  return { seen: { acts: cluster.acts, escalations, requests, audit, told: await handle.query(story), registry, workflowId }, result };
}
