import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activityInfo } from '@temporalio/activity';
import fc from 'fast-check';
import { mlflowRegistry } from '../../clients/registries/mlflow.ts';
import { type Intake, takeAlert } from '../../gateway/intake.ts';
import { readAlertGroup } from '../../gateway/sources/alert-group.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { escapeMarkdown } from '../../incident/markdown.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { evidence, exitOf, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';

const FRAGMENTS = [
  ...[
    '__proto__',
    'constructor',
    '[click](http://198.51.100.1)',
    '![x](http://198.51.100.1/x.png)',
    '<img src=x onerror=alert(1)>',
    '<!channel>',
  ],
  ...[
    '@here',
    '\n~~~\n',
    '\n# Closed as recovered',
    '| a | b |',
    '&#91;',
    '`',
    '$(reboot)',
    '; rm -rf /',
    '{{ .Values.x }}',
    '{.items[*]}',
  ],
  ...['"} or up{a="', "' OR ExecutionStatus = '", '../..', '..', '%2e%2e', '\u0000', '\u2028', '\\', '*', '_'],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 })
  .map((all) => all.join(''));

/** What is left of a page's text when all that is escaped is taken away. */
const unescaped = (text: string) => text.replace(/\\./g, '');

describe('a text on a page', () => {
  it('becomes no markup, link, image or other line, whatever it is (safety 33)', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(unescaped(escapeMarkdown(text))).toMatch(/^[^\\`*_[\]<>!#|~&\p{Cc}\u2028\u2029]*$/u);
      }),
    );
  });
});

describe('an alert of hostile labels, annotations and names', () => {
  const { runbooks } = parseRunbook('a.yaml', 'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash] }\nremedies: [restart]\n');

  /** What is asked of the cluster and of Temporal on the alert's behalf. */
  async function take(body: string) {
    const [asked, queries, started] = [[] as string[], [] as string[], [] as { workflowId: string; staticDetails: string }[]];
    const workflow = {
      signalWithStart: async (_type: string, options: { workflowId: string; staticDetails: string }) => started.push(options),
      getHandle: () => ({ signal: async () => undefined }),
      list({ query }: { query: string }) {
        queries.push(query);
        return [];
      },
    };
    const kubernetes: Intake['kubernetes'] = {
      async topmostOwner(namespace, _kind, name) {
        asked.push(namespace ?? '', name);
        return { kind: 'Deployment', name: 'ranker' };
      },
    };
    const intake = {
      runbooks,
      limits: LimitsFile.parse({}),
      cluster: 'test',
      taskQueue: 'q',
      kubernetes,
      client: { workflow } as unknown as Intake['client'],
    };
    const parsed = readAlertGroup(Buffer.from(body), 'a group');
    if (parsed.kind === 'alerts') for (const alert of parsed.alerts) await takeAlert(alert, intake);
    return { asked, queries, started };
  }

  it('is asked about, found, started and shown by nothing but plain text (safety 33)', async () => {
    const texts = fc.dictionary(
      fc.oneof(fc.constantFrom('summary', 'description', '__proto__', 'constructor', 'toString'), hostile),
      hostile,
    );
    const place = fc.oneof(fc.constantFrom('ml', 'ranker-1'), hostile);
    const any = fc.record({
      status: fc.constantFrom('firing', 'resolved'),
      labels: texts,
      annotations: texts,
      fingerprint: fc.oneof(fc.constant('a1'), hostile),
    });
    await fc.assert(
      fc.asyncProperty(any, place, place, hostile, async (alert, namespace, pod, startsAt) => {
        const labels = { ...alert.labels, alertname: 'Crash', namespace, pod };
        const { asked, queries, started } = await take(JSON.stringify({ version: '4', alerts: [{ ...alert, labels, startsAt }] }));
        for (const name of asked) expect(name).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
        for (const query of queries) expect(query).toMatch(/^ParamedicAlerts IN \('[0-9a-f]*'\) AND ExecutionStatus = 'Running'$/);
        for (const { workflowId, staticDetails } of started) {
          expect(workflowId).toBe(`outage/test/${namespace}/Deployment/ranker`);
          expect(unescaped(staticDetails.replace('Runbook `a`, mode `observe`.', ''))).toMatch(/^[^\\`*_[\]<>!#|~&]*$/);
        }
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

it('a model’s name stays a value in the query for its versions (safety 33)', async () => {
  const filters: (string | null)[] = [];
  const server = createServer((request, response) => {
    filters.push(new URL(request.url ?? '', 'http://localhost').searchParams.get('filter'));
    response.end(JSON.stringify({ registered_model: { name: 'x' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { readModel } = mlflowRegistry({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, credentials: null });
  const names = fc
    .array(fc.constantFrom("'", "''", 'churn', ' OR ', "name='", '&filter=', '%27'), { minLength: 1, maxLength: 5 })
    .map((all) => all.join(''));
  const property = fc.asyncProperty(names, async (name) => {
    filters.length = 0;
    await readModel(name);
    const value = /^name='((?:[^']|'')*)'$/.exec(filters.at(-1) ?? '')?.[1];
    expect(value?.replaceAll("''", "'")).toBe(name);
  });
  await fc.assert(property, { numRuns: 50 }).finally(() => new Promise((resolve) => server.close(resolve)));
});

describe('the last words of a container', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setTheStage();
  }, 3_600_000);
  afterAll(() => stage?.leave());

  it('stand on the incident’s page, in the audit trail and in what people are told as text alone (safety 33)', async () => {
    const words = FRAGMENTS.join(' ').replaceAll('\u0000', '');
    const cluster = scriptedCluster([evidence({ replicasReady: 0, pods: [sickPod({ exit: exitOf('Error', 1, words) })] })]);
    const { observe } = cluster;
    let page = '';
    cluster.observe = async (target) => {
      const handle = stage.environment.client.workflow.getHandle(activityInfo().workflowExecution?.workflowId ?? '');
      page = (await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '';
      return observe(target);
    };
    const lines: string[] = [];
    const { escalations } = await runIncident(stage, runbook('podCrash'), cluster, newTarget(), (line) => lines.push(line));
    expect(page).toContain('onerror');
    for (const line of page.split('\n').slice(1))
      expect(unescaped(line.replace(/^- /, ''))).toMatch(/^[^\\`*_[\]<>!#|~&\p{Cc}\u2028\u2029]*$/u);
    for (const line of lines) expect(line).not.toContain('\n');
    const entries = lines.map((line): AuditEntry => JSON.parse(line));
    expect(entries.find(({ step }) => step === 'Acting')?.text).toContain(words);
    expect(JSON.parse(JSON.stringify(escalations))).toMatchObject([{ diagnosis: { reasons: [expect.stringContaining(words)] } }]);
  });
});

it('nothing that handles alerts, evidence or remedies can start a program or run a text (safety 33)', () => {
  const checkout = join(import.meta.dirname, '..', '..');
  const folders = '{incident,guards,diagnosis,remedies,runbooks,workflows,activities,clients,gateway}';
  const files = globSync(`${folders}/**/*.ts`, { cwd: checkout });
  expect(files.length).toBeGreaterThan(50);
  // A thread may run a file of this checkout that is named in the code, and no text.
  const runsOther = /new Worker\((?!new URL\('\.\/[a-z-]+\.ts', import\.meta\.url\))|\bWorker as\b|\beval: /;
  const canRun = new RegExp(`child_process|node:vm|['"]vm['"]|${runsOther.source}|\\beval\\(|new Function\\(|\\bimport\\((?!['"])`);
  expect(files.filter((file) => canRun.test(readFileSync(join(checkout, file), 'utf8')))).toEqual([]);
});
