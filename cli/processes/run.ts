import type { Connection } from '@temporalio/client';
import type pino from 'pino';
import type { Channel } from '../../clients/channels/channel.ts';
import type { DecisionDesk } from '../../clients/decision-desk.ts';
import type { ModelRecordKeeper } from '../../clients/model-records.ts';
import type { Intake } from '../../gateway/intake.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import type { PermitDesk } from '../../gateway/permit-desk.ts';
import type { SlackDoor } from '../../gateway/slack/app.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { watchFigures } from '../../watch/figures.ts';
import { requireChannels } from '../../worker/channels.ts';
import { openHealth } from '../../worker/health.ts';
import { loadKubeconfig } from '../../worker/kubeconfig.ts';
import { ownMetrics, type Sources } from '../../worker/metrics.ts';
import { modelRecordKeeper } from '../../worker/model-records.ts';
import { openClient, openDesk } from '../../worker/open-client.ts';
import { lostRecords } from '../../worker/permit-offices.ts';
import { loadPolicy, openDecisionDesk, openIntake } from '../../worker/services.ts';
import type { Settings } from '../../worker/settings.ts';
import { installTelemetry } from '../../worker/telemetry.ts';
import { temporalAnswers } from '../../worker/temporal-health.ts';
import { alertSources } from './alert-sources.ts';
import { type Door, eventSources, openGatewayDoor, openHealthDoor, type Ports, slackAccess } from './doors.ts';
import { reachTemporal } from './reach-temporal.ts';
import { openStatus } from './status.ts';
import { startWatch, type WatchPart } from './watch-part.ts';
import { startWorker, type WorkerPart } from './worker-part.ts';

/** Slack waits for three seconds. */
const DESK_ANSWERS_WITHIN_MS = 2_500;

/** Which parts one process runs, with what. */
export interface Plan {
  readonly gateway: boolean;
  readonly worker: boolean;
  /** `elected`: of several such processes one watches at a time. `alone`: nobody is asked. Null: this process does not watch. */
  readonly watch: 'elected' | 'alone' | null;
  readonly settings: Settings;
  /** Runbooks that observe act, too; those that ask a person still do. */
  readonly actsToo: boolean;
  readonly log: pino.Logger;
  /** Resolves when the process is to end. */
  readonly stop: Promise<unknown>;
  /** Rejects when something this process stands on has failed. */
  readonly failed?: Promise<never>;
  /** Called once all parts run. */
  readonly running?: (ports: Ports, runbooks: readonly Runbook[]) => void;
}

/**
 * Runs gateway, worker, watch or several of them until told to stop, then lets each finish what it has.
 * What is wrong with settings, runbooks, kubeconfig or ports is told before anything is waited for.
 * @throws when a part cannot start, or the worker fails while it runs.
 */
export async function runProcess(plan: Plan): Promise<void> {
  const { settings, log, stop } = plan;
  const policy = loadPolicy(settings, plan.actsToo);
  const sources = plan.gateway ? alertSources(settings, policy.sources, process.env) : {};
  const named = plan.worker ? requireChannels(policy.channels, process.env, settings) : new Map<string, Channel>();
  const cluster = loadKubeconfig(process.env);
  const metrics = gatewayMetrics();
  const sdkMetrics = plan.worker ? await installTelemetry(log) : async () => '';
  const own = ownMetrics(sourcesOf(plan, { isReady: () => health.isReady(), connection: () => connection }));
  const figures = plan.watch === null ? null : watchFigures(own.registry, settings.PARAMEDIC_CLUSTER);
  const registries = [own.registry, ...(plan.gateway ? [metrics.registry] : [])];
  const health = openHealth(async () => (await Promise.all([...registries.map((one) => one.metrics()), sdkMetrics()])).join('\n'));
  let intake: Intake | null = null;
  let desk: PermitDesk | null = null;
  let decisions: DecisionDesk | null = null;
  let records: ModelRecordKeeper | null = null;
  let healthDoor: Door | null = null;
  let gatewayDoor: Door | null = null;
  let connection: Connection | null = null;
  let worker: WorkerPart | null = null;
  let watch: WatchPart | null = null;
  let slack: SlackDoor | null = null;
  try {
    // Where there is a gateway, its port answers for the health too.
    if (!plan.gateway) healthDoor = await openHealthDoor(settings, health);
    const registries = { webhooks: eventSources(settings), records: () => records };
    const access = plan.gateway ? slackAccess(settings, policy.runbooks) : null;
    const desks = { permits: () => desk, decisions: () => decisions };
    // Slack's library takes a moment to load.
    slack = access && (await import('../../gateway/slack/app.ts')).openSlack(access, desks, log);
    const people = {
      people: settings.PARAMEDIC_PEOPLE_TOKENS ?? null,
      decisions: () => decisions,
      desk: () => desk,
      slack,
    };
    const status = openStatus(settings, () => connection, metrics.registry);
    const options = { intake: () => intake, ...people, ...registries, sources, status, metrics, health: health.answer, log };
    if (plan.gateway) gatewayDoor = await openGatewayDoor(settings, options);
    connection = await reachTemporal(settings, log, stop);
    if (!connection) return;
    const taking = openIntake(settings, policy, cluster, connection);
    if (plan.gateway) {
      intake = taking;
      records = modelRecordKeeper(openClient(settings, connection));
      desk = openDesk(settings, connection, settings.PARAMEDIC_CLUSTER, DESK_ANSWERS_WITHIN_MS);
      decisions = openDecisionDesk(settings, connection, DESK_ANSWERS_WITHIN_MS);
    }
    slack?.start();
    const told = { named, chain: policy.channels.escalation };
    if (own.figures) worker = await startWorker(settings, cluster, log, own.figures, told, taking);
    if (plan.watch && figures) watch = startWatch(settings, cluster, taking, plan.watch, figures, log);
    health.readyWhen([temporalAnswers(connection), ...(worker ? [worker.isRunning] : []), ...(watch && !plan.worker ? [watch.sees] : [])]);
    const ports = { gateway: gatewayDoor?.port ?? null, health: healthDoor?.port ?? null };
    log.info({ ports, cluster: settings.PARAMEDIC_CLUSTER, temporal: settings.TEMPORAL_ADDRESS }, 'Running.');
    plan.running?.(ports, policy.runbooks);
    await Promise.race([stop, ...(worker ? [worker.failed] : []), ...(plan.failed ? [plan.failed] : [])]);
  } finally {
    health.stopping();
    // What takes work in ends before what the work needs; the health is answered to the last.
    await slack?.stop();
    await watch?.stop();
    await gatewayDoor?.close();
    await worker?.stop();
    await connection?.close();
    await healthDoor?.close();
  }
  log.info('Stopped.');
}

function sourcesOf(
  { settings, gateway, worker, watch }: Plan,
  { isReady, connection }: { readonly isReady: () => Promise<boolean>; readonly connection: () => Connection | null },
): Sources {
  const cluster = settings.PARAMEDIC_CLUSTER;
  return {
    cluster,
    parts: [...(gateway ? ['gateway' as const] : []), ...(worker ? ['worker' as const] : []), ...(watch ? ['watch' as const] : [])],
    isReady,
    async lostRecords() {
      const reached = connection();
      return reached === null ? {} : lostRecords(openClient(settings, reached), cluster);
    },
  };
}
