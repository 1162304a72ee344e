import { Counter, Gauge, Registry } from 'prom-client';
import type { Channels } from '../activities/channels.ts';
import { CHANNEL_KINDS } from '../incident/channel-kind.ts';
import { type AuditFigures, auditFigures } from './audit-figures.ts';

/** Counts what became of a message to people at one channel. */
type CountMessage = NonNullable<Channels['count']>;

/** What a process's own figures are read from. */
export interface Sources {
  readonly cluster: string;
  readonly parts: readonly ('gateway' | 'worker' | 'watch')[];
  readonly isReady: () => Promise<boolean>;
  /** Whether the record of a permit office is lost, by the office's name; those that cannot be asked are left out. */
  readonly lostRecords: () => Promise<Readonly<Record<string, boolean>>>;
}

/** What a worker counts while it works. */
export interface WorkerFigures {
  readonly message: CountMessage;
  readonly audit: AuditFigures;
}

/** Figures by which others notice that Paramedic is gone or cannot do its work: see deploy/prometheus/paramedic-rules.yaml and deploy/grafana/paramedic.json. */
export function ownMetrics({ cluster, parts, isReady, lostRecords }: Sources): {
  readonly registry: Registry /** Null where there is no worker. */;
  readonly figures: WorkerFigures | null;
} {
  const registry = new Registry();
  new Gauge<'cluster' | 'part'>({
    name: 'paramedic_ready',
    help: '1 when the process is ready, else 0.',
    labelNames: ['cluster', 'part'],
    registers: [registry],
    async collect() {
      const ready = Number(await isReady());
      for (const part of parts) this.set({ cluster, part }, ready);
    },
  });
  if (!parts.includes('worker')) return { registry, figures: null };
  new Gauge<'cluster' | 'office'>({
    name: 'paramedic_permit_record_lost',
    help: '1 when the record of a permit office is lost, so that it grants nothing until a person resets it.',
    labelNames: ['cluster', 'office'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [office, isLost] of Object.entries(await lostRecords())) this.set({ cluster, office }, Number(isLost));
    },
  });
  const messages = new Counter<'cluster' | 'channel' | 'result'>({
    name: 'paramedic_messages_total',
    help: 'Messages to people, by kind of channel and by whether it took them (told), another one did or may (failed), or nobody knows (untold).',
    labelNames: ['cluster', 'channel', 'result'],
    registers: [registry],
  });
  // A counter that begins at its first event hides that event from `increase`.
  for (const channel of [...CHANNEL_KINDS, 'unknown'] as const)
    for (const result of ['told', 'failed', 'untold'] as const) messages.inc({ cluster, channel, result }, 0);
  const figures: WorkerFigures = {
    message: (channel, result) => messages.inc({ cluster, channel, result }),
    audit: auditFigures(registry, cluster),
  };
  return { registry, figures };
}
