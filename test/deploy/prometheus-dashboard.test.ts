import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { readEmbeddedTemporal } from '../../cli/state-folder.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import { addStatusGauges } from '../../gateway/status/gauges.ts';
import { openStatusReader } from '../../gateway/status/reader.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { watchFigures } from '../../watch/figures.ts';
import { freePort } from '../../worker/listen.ts';
import { ownMetrics } from '../../worker/metrics.ts';
import { taskQueueOf } from '../../worker/settings.ts';
import { type ApiServerDouble, startApiServerDouble } from '../cli/api-server-double.ts';
import { type Going, startParamedic, untilReady } from '../cli/run-paramedic.ts';
import { all, row, sources } from '../gateway/status/sample.ts';
import { until } from '../until.ts';
import { asked, dashboard, panels } from './dashboard.ts';
import { type RealPrometheus, startPrometheus } from './real-prometheus.ts';

jest.setTimeout(180_000);

/** Panels that have nothing to show while all is well with the engine. */
const EMPTY_WHILE_WELL = ['Activities that failed, each try'];

let cluster: ApiServerDouble;
let prometheus: RealPrometheus;
let up: Going | undefined;
/** A process of ours that has seen a day in a few seconds. */
let busy: Server;

const own = ownMetrics({
  cluster: 'busy',
  parts: ['worker', 'gateway'],
  isReady: async () => true,
  lostRecords: async () => ({ office: false }),
});
const gateway = gatewayMetrics();
const watch = watchFigures(own.registry, 'busy');

addStatusGauges(
  gateway.registry,
  'busy',
  openStatusReader('busy', () =>
    sources({
      open: all(row({ target: 'a', phase: 'asking' }), row({ target: 'b', phase: 'untold' }), row({ target: 'c', phase: 'verifying' })),
      asked: async () => ({ id: 'p', plan: 'restart', expiresAt: new Date(Date.now() + 900_000).toISOString(), options: null }),
    }),
  ),
);

/** What happened that day. */
function live({ message, audit }: NonNullable<typeof own.figures>): void {
  const at = new Date().toISOString();
  const openedAt = new Date(Date.now() - 240_000).toISOString();
  const common = { at, openedAt, text: '', incident: 'i', failureType: 'podCrash', mode: 'auto', remedy: 'restart' } as const;
  const who = { id: 'ann', name: 'ann', way: 'slack', groups: [] } as const;
  const entries: readonly AuditEntry[] = [
    { ...common, step: 'Opened' },
    { ...common, step: 'Refused', guard: 'rate-limit' },
    { ...common, step: 'Approved', who },
    { ...common, step: 'Verified', result: { kind: 'worse', text: '' } },
    { ...common, step: 'Undone' },
    { ...common, step: 'Verified', result: { kind: 'recovered', text: '' } },
    { ...common, step: 'Closed', outcome: 'recovered' },
  ];
  for (const entry of entries) audit.written(entry);
  audit.failed();
  message('slack', 'told');
  gateway.alert('joined', 'none');
  gateway.request(401, 'wrongSecret');
  watch.alert('firing', 'joined');
  watch.reconnected('Pod', 'closed');
}

beforeAll(async () => {
  cluster = await startApiServerDouble();
  busy = createServer(async (_request, response) => {
    const texts = await Promise.all([own.registry, gateway.registry].map((one) => one.metrics()));
    response.writeHead(200, { 'content-type': own.registry.contentType }).end(texts.join('\n'));
  });
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  prometheus = await startPrometheus(join(cluster.folder, 'prometheus'));
  const gatewayPort = await freePort();
  const environment = { KUBECONFIG: cluster.kubeconfig, PARAMEDIC_GATEWAY_PORT: String(gatewayPort), PARAMEDIC_CLUSTER: 'real' };
  up = startParamedic(['up', '--data', join(cluster.folder, 'up')], environment);
  await untilReady(up, `http://127.0.0.1:${gatewayPort}`);
  // Its first of each, so that what follows is an increase.
  live(own.figures!);
  prometheus.scrape((busy.address() as AddressInfo).port, gatewayPort);
  await until('both are scraped', async () => (await prometheus.values('count(paramedic_ready)')).join() === '5');
}, 3_600_000);

afterAll(async () => {
  up?.child.kill('SIGTERM');
  await up?.ended;
  await prometheus?.stop();
  busy?.closeAllConnections();
  busy?.close();
  cluster?.close();
});

/** Gives the real worker something to do, again and again. */
function keepAtWork(): { stop(): Promise<void> } {
  const { address } = readEmbeddedTemporal(join(cluster.folder, 'up'))!;
  const connection = Connection.lazy({ address });
  const { workflow } = new Client({ connection });
  const entry: AuditEntry = { at: new Date().toISOString(), incident: 'i', step: 'NotTold', text: 'A test looks at the dashboard.' };
  const timer = setInterval(
    () =>
      workflow
        .start('auditNote', { workflowId: `audit-note/${crypto.randomUUID()}`, taskQueue: taskQueueOf('real'), args: [entry] })
        .catch(() => undefined),
    1_000,
  );
  return {
    async stop() {
      clearInterval(timer);
      await connection.close();
    },
  };
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** What a panel's query gives: now, or within the last two minutes. */
async function shown({ expr, instant }: { readonly expr: string; readonly instant?: boolean | undefined }): Promise<Series[]> {
  const query = `query=${encodeURIComponent(asked(expr))}`;
  const now = Date.now() / 1000;
  const path = instant ? `query?${query}` : `query_range?${query}&start=${now - 120}&end=${now}&step=1`;
  const { result } = await prometheus.api<{ result: Series[] }>(path);
  const isNumber = ([, text]: readonly [number, string]) => text !== 'NaN';
  return result.filter(({ value, values = [] }) => [...(value ? [value] : []), ...values].some(isNumber));
}

const panel = (title: string) => panels.find((one) => one.title === title)!;

describe('the Grafana dashboard, on a real Prometheus', () => {
  it('shows something in every panel once something has happened', async () => {
    live(own.figures!);
    const working = keepAtWork();
    for (const { title, targets } of panels)
      for (const target of targets)
        if (EMPTY_WHILE_WELL.includes(title)) await shown(target);
        else await until(`"${title}" shows ${asked(target.expr)}`, async () => (await shown(target)).length > 0);
    await working.stop();
  });

  it('counts what is open once, and what needs a person', async () => {
    const now = async (title: string) => prometheus.values(asked(panel(title).targets[0]!.expr));
    expect(await now('Open')).toEqual(['3']);
    expect(await now('Need a person')).toEqual(['2']);
    expect(await now('Nobody could be told')).toEqual(['1']);
    const [left] = await now('First question expires in');
    expect(Number(left)).toBeGreaterThan(800);
    expect(Number(left)).toBeLessThanOrEqual(900);
  });

  it('says 0 where nothing is open, rather than nothing', async () => {
    for (const title of ['Open', 'Need a person', 'Nobody could be told'])
      expect(await prometheus.values(panel(title).targets[0]!.expr.replaceAll('$cluster', 'none'))).toEqual(['0']);
  });

  it('offers the clusters there are', async () => {
    const { definition } = dashboard.templating.list.find(({ name }) => name === 'cluster')!;
    expect(definition).toBe('label_values(paramedic_ready, cluster)');
    const answer = await prometheus.api<string[]>('label/cluster/values?match[]=paramedic_ready');
    expect(answer.sort()).toEqual(['busy', 'real']);
  });

  it('is a dashboard: each panel says what it is, has an id of its own, and lies upon no other', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const covered = dashboard.panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect([title, x >= 0 && x + w <= 24]).toEqual([title, true]);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`);
    });
    expect(new Set(covered).size).toBe(covered.length);
  });

  it('shows every figure of ours that no alert stands on', async () => {
    const rules = readFileSync(join(import.meta.dirname, '..', '..', 'deploy', 'prometheus', 'paramedic-rules.yaml'), 'utf8');
    const looked = `${rules}${panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join()}`;
    const names = await Promise.all([own.registry, gateway.registry].map((one) => one.getMetricsAsJSON()));
    const unseen = names.flat().filter(({ name }) => !looked.includes(name));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});
