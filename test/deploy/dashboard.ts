import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Datasource = z.object({ type: z.literal('prometheus'), uid: z.string().regex(/^\$\{datasource\}$/) });

const Target = z.object({
  refId: z.string().min(1),
  datasource: Datasource,
  expr: z.string().min(1),
  instant: z.boolean().optional(),
});

const Panel = z.object({
  id: z.number().int().min(1),
  type: z.enum(['stat', 'timeseries', 'table', 'bargauge']),
  title: z.string().min(1),
  description: z.string().min(1),
  datasource: Datasource,
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(Target).min(1),
});

const Row = Panel.pick({ id: true, title: true, gridPos: true }).extend({ type: z.literal('row') });

const Dashboard = z.object({
  uid: z.string().min(1),
  schemaVersion: z.number(),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string(), definition: z.string().optional() })) }),
  panels: z.array(z.discriminatedUnion('type', [Row, Panel])),
});

export type Panel = z.infer<typeof Panel>;

const file = join(import.meta.dirname, '..', '..', 'deploy', 'grafana', 'paramedic.json');

/** The shipped dashboard, as much of it as the tests need. @throws when it is none */
export const dashboard = Dashboard.parse(JSON.parse(readFileSync(file, 'utf8')));

/** Its panels without the rows that head them. */
export const panels: readonly Panel[] = dashboard.panels.filter((one): one is Panel => one.type !== 'row');

/** A query with what Grafana puts in place of its variables where all clusters are chosen. */
export function asked(expr: string): string {
  return expr.replaceAll('$cluster', '.+').replaceAll('$__rate_interval', '30s').replaceAll('$__range', '5m');
}
