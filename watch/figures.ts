import { Counter, Gauge, type Registry } from 'prom-client';
import type { Taken } from '../gateway/intake.ts';
import { WATCHED_KINDS } from './kinds.ts';

/** What a watch counts, for `/metrics`. */
export function watchFigures(registry: Registry, cluster: string) {
  const common = { registers: [registry] };
  const objects = new Counter<'cluster' | 'kind'>({
    ...common,
    name: 'paramedic_watch_objects_total',
    help: 'Objects that the API server listed or told of, by kind.',
    labelNames: ['cluster', 'kind'],
  });
  const sick = new Gauge<'cluster'>({
    ...common,
    name: 'paramedic_watch_sick_objects',
    help: 'Objects on which a condition holds or lately held: all that the watch remembers.',
    labelNames: ['cluster'],
  });
  const holding = new Gauge<'cluster'>({
    ...common,
    name: 'paramedic_watch_alerts_firing',
    help: 'Alerts that the watch has raised and that are not over.',
    labelNames: ['cluster'],
  });
  const alerts = new Counter<'cluster' | 'status' | 'result'>({
    ...common,
    name: 'paramedic_watch_alerts_total',
    help: 'Alerts of the watch, by whether they fire or are over and by what became of them.',
    labelNames: ['cluster', 'status', 'result'],
  });
  const failures = new Counter<'cluster'>({
    ...common,
    name: 'paramedic_watch_failures_total',
    help: 'Looks that failed, or alerts that Temporal did not take; they are tried again.',
    labelNames: ['cluster'],
  });
  const reconnects = new Counter<'cluster' | 'kind' | 'why'>({
    ...common,
    name: 'paramedic_watch_reconnects_total',
    help: 'Watches that ended, by kind and by whether they were closed, had expired or failed.',
    labelNames: ['cluster', 'kind', 'why'],
  });
  const seen = new Gauge<'cluster' | 'kind'>({
    ...common,
    name: 'paramedic_watch_seen',
    help: '1 while a kind is seen, 0 while it cannot be read; a kind that the cluster does not know is left out.',
    labelNames: ['cluster', 'kind'],
  });
  const lag = new Gauge<'cluster'>({
    ...common,
    name: 'paramedic_watch_lag_seconds',
    help: 'For how long the watch has not come to look at what is due.',
    labelNames: ['cluster'],
    collect() {
      this.set({ cluster }, lagSeconds());
    },
  });
  const leader = new Gauge<'cluster'>({
    ...common,
    name: 'paramedic_watch_leader',
    help: '1 where this process watches, 0 where it stands by.',
    labelNames: ['cluster'],
  });
  let lagSeconds = () => 0;
  // A counter that begins at its first event hides that event from `increase`.
  failures.inc({ cluster }, 0);
  for (const { kind } of WATCHED_KINDS) objects.inc({ cluster, kind }, 0);
  lag.set({ cluster }, 0);
  leader.set({ cluster }, 0);
  return {
    object: (kind: string) => objects.inc({ cluster, kind }),
    remembered(counts: { readonly objects: number; readonly said: number }) {
      sick.set({ cluster }, counts.objects);
      holding.set({ cluster }, counts.said);
    },
    alert: (status: 'firing' | 'resolved', result: Taken['kind']) => alerts.inc({ cluster, status, result }),
    failure: () => failures.inc({ cluster }),
    reconnected: (kind: string, why: string) => reconnects.inc({ cluster, kind, why }),
    /** Null: the cluster does not know the kind. */
    seen(kind: string, isSeen: boolean | null) {
      if (isSeen === null) seen.remove({ cluster, kind });
      else seen.set({ cluster, kind }, Number(isSeen));
    },
    /** Who stands by sees nothing, and remembers nothing. */
    standBy() {
      seen.reset();
      sick.set({ cluster }, 0);
      holding.set({ cluster }, 0);
    },
    leads: (isLeader: boolean) => leader.set({ cluster }, Number(isLeader)),
    measureLag: (seconds: () => number) => {
      lagSeconds = seconds;
    },
  };
}

export type WatchFigures = ReturnType<typeof watchFigures>;
