import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import type pino from 'pino';
import { type Leadership, leaseLeadership } from '../../clients/kubernetes/watching/lease.ts';
import { rawReader } from '../../clients/kubernetes/watching/raw-reader.ts';
import { type Intake, takeAlert } from '../../gateway/intake.ts';
import type { WatchFigures } from '../../watch/figures.ts';
import { openServerClock } from '../../watch/server-clock.ts';
import { type RunningWatch, watchCluster } from '../../watch/watch-cluster.ts';
import type { Check } from '../../worker/health.ts';
import { openAlertsOf } from '../../worker/open-alerts.ts';
import type { Settings } from '../../worker/settings.ts';
import { reasonOf } from './reachable-cluster.ts';

const LEASE = 'paramedic-watch';
const LOOK_EVERY_MS = 1_000;

/** A watch, or one that stands by. */
export interface WatchPart {
  /** One that stands by sees all it has to. */
  readonly sees: Check;
  /** Stops watching and lets another process take over. */
  stop(): Promise<void>;
}

/** @param mode `elected`: it watches only while it has the Lease */
export function startWatch(
  settings: Settings,
  cluster: KubeConfig,
  intake: Intake,
  mode: 'elected' | 'alone',
  figures: WatchFigures,
  log: pino.Logger,
): WatchPart {
  const leadership = mode === 'alone' ? ALONE : elected(settings, cluster);
  const stopping = new AbortController();
  let running: { readonly watch: RunningWatch; readonly end: AbortController } | null = null;
  let leaseFault: string | null = null;

  async function end(): Promise<void> {
    const ended = running;
    running = null;
    ended?.end.abort();
    await ended?.watch.ended;
    figures.standBy();
  }

  async function tryOnce(): Promise<void> {
    try {
      await leadership.tryOnce();
      leaseFault = null;
    } catch (error) {
      const fault = `the Lease ${settings.PARAMEDIC_WATCH_LEASE_NAMESPACE}/${LEASE} cannot be had: ${reasonOf(error)}`;
      if (leaseFault === null) log.warn({ reason: fault }, 'Whether to watch cannot be told; trying again.');
      leaseFault = fault;
    }
  }

  async function lead(): Promise<void> {
    while (!stopping.signal.aborted) {
      await tryOnce();
      const leads = leadership.leads() && !stopping.signal.aborted;
      figures.leads(leads);
      if (leads && running === null) {
        const ending = new AbortController();
        running = { watch: openWatch(settings, cluster, intake, leadership, figures, log, ending.signal), end: ending };
        log.info({ namespaces: settings.PARAMEDIC_WATCH_NAMESPACES }, 'Watching the cluster.');
      } else if (!leads && running !== null) {
        log.warn('Another process watches now, or it is not known whether one does; standing by.');
        await end();
      }
      await pause(leadership.tryEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  const leading = lead();
  return {
    sees: async () => leaseFault ?? running?.watch.whyBlind() ?? null,
    async stop() {
      stopping.abort();
      await leading;
      await end();
      figures.leads(false);
      await leadership.release().catch((error) => log.warn({ reason: reasonOf(error) }, 'The Lease could not be given back; it runs out.'));
    },
  };
}

/** Without others there is nothing to agree on. */
const ALONE: Leadership = { leads: () => true, tryOnce: async () => undefined, tryEveryMs: 60_000, release: async () => undefined };

function elected(settings: Settings, cluster: KubeConfig): Leadership {
  return leaseLeadership(cluster, {
    namespace: settings.PARAMEDIC_WATCH_LEASE_NAMESPACE,
    name: LEASE,
    identity: `${hostname()}_${randomUUID()}`,
    elapsedMs: () => performance.now(),
  });
}

function openWatch(
  settings: Settings,
  cluster: KubeConfig,
  intake: Intake,
  leadership: Leadership,
  figures: WatchFigures,
  log: pino.Logger,
  signal: AbortSignal,
): RunningWatch {
  const elapsedMs = () => performance.now();
  const clock = openServerClock(elapsedMs);
  return watchCluster(
    {
      cluster: settings.PARAMEDIC_CLUSTER,
      namespaces: settings.PARAMEDIC_WATCH_NAMESPACES,
      reader: rawReader(cluster, clock.told),
      clock,
      elapsedMs,
      take: (alert) => takeAlert(alert, intake),
      openAlerts: () => openAlertsOf(intake.client, settings.PARAMEDIC_CLUSTER),
      mayRaise: leadership.leads,
      times: { hold: settings.PARAMEDIC_WATCH_HOLD, repeatSeconds: settings.PARAMEDIC_WATCH_REPEAT_SECONDS },
      relistMs: settings.PARAMEDIC_WATCH_RELIST_SECONDS * 1000,
      lookEveryMs: LOOK_EVERY_MS,
      figures,
      log,
    },
    signal,
  );
}
