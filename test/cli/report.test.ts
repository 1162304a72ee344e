import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { openTrail } from '../../clients/audit/trail.ts';
import type { Outcome } from '../../incident/incident.ts';
import { Report } from '../../reporting/measures/report.ts';
import { evidence, readyPod, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { cancelIncident, newTarget, runbook, runDrilled, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';
import { runParamedic } from './run-paramedic.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });
const healthy = evidence({ pods: [readyPod('ranker-0')] });

let stage: Stage;
let report: Report;
let folder: string;

beforeAll(async () => {
  stage = await setTheStage();
  folder = mkdtempSync(join(tmpdir(), 'paramedic-report-'));
  const trail = openTrail(join(folder, 'audit.jsonl'), { version: '0.1.0' });
  const write = (line: string) => void trail.write(JSON.parse(line));
  const twice = newTarget();
  const heals = () => scriptedCluster([badRelease, healthy]);
  const asks = runbook('podCrash', { mode: 'approve' });
  await runIncident(stage, runbook('podCrash', { settleSeconds: 2 }), heals(), twice, write);
  await Promise.all([
    runIncident(stage, runbook('podCrash'), heals(), twice, write),
    runIncident(stage, runbook('podCrash', { mode: 'observe' }), scriptedCluster([badRelease]), undefined, write),
    runIncident(stage, asks, scriptedCluster([badRelease]), undefined, write, 'reject'),
    runIncident(stage, asks, heals(), undefined, write, 'approve'),
    runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, badRelease]), undefined, write),
    runIncident(stage, runbook('podCrash'), scriptedCluster([healthy]), undefined, write),
    cancelIncident(stage, runbook('podCrash', { mode: 'observe' }), scriptedCluster([badRelease]), /A person is needed/),
    // Not counted anywhere but in what it takes of Temporal.
    runDrilled(stage, runbook('podCrash'), heals()),
  ]);
  const { code, out, err } = await runParamedic(['report', '--since', '1h', '--json'], stage.settings);
  if (code !== 0) throw new Error(err);
  report = Report.parse(JSON.parse(out));
}, 3_600_000);

afterAll(async () => {
  await stage?.leave();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** How many incidents visibility counts. */
async function counted(filter: string): Promise<number> {
  return (await stage.environment.client.workflow.count(`ParamedicFailureType = 'podCrash' AND ParamedicDrill IS NULL AND ${filter}`))
    .count;
}

/** What each incident gave back in the end, by its run; null of one that was cancelled. */
async function results(): Promise<ReadonlyMap<string, Outcome | null>> {
  const { workflow } = stage.environment.client;
  const found = new Map<string, Outcome | null>();
  for await (const { workflowId, runId } of workflow.list({ query: "ParamedicFailureType = 'podCrash' AND ParamedicDrill IS NULL" }))
    found.set(
      runId,
      await workflow
        .getHandle(workflowId, runId)
        .result()
        .then((end) => end as Outcome)
        .catch(() => null),
    );
  return found;
}

/** The events of an incident as Temporal's own tools write them down. */
async function events({
  id,
  run,
}: Report['incidents'][number]): Promise<readonly { readonly eventType: string; readonly eventTime: string }[]> {
  const history = await stage.environment.client.workflow.getHandle(id, run ?? undefined).fetchHistory();
  return (JSON.parse(historyToJSON(history)) as { events: { eventType: string; eventTime: string }[] }).events;
}

/** Names of groups and how many are in each. */
function sizes(groups: readonly { readonly name: string; readonly count: number }[]): Readonly<Record<string, number>> {
  return Object.fromEntries(groups.map(({ name, count }) => [name, count]));
}

function runsOf(numbers: readonly number[]): readonly (string | null)[] {
  return numbers.map((number) => report.incidents.find((one) => one.number === number)!.run).sort();
}

/** Those of which something is so by what they gave back. */
async function runsWith(is: (outcome: Outcome) => boolean): Promise<readonly string[]> {
  return [...(await results())].flatMap(([run, outcome]) => (outcome && is(outcome) ? [run] : [])).sort();
}

describe('paramedic report counts what Temporal has kept as other queries do', () => {
  it('has every incident once, and how each ended, as visibility counts them', async () => {
    const { opened, ended, open, outcomes, types } = report.summary;
    const all = await counted("ParamedicPhase IN ('closed')");
    expect([opened.count, ended.count, open.count]).toEqual([all, all, 0]);
    for (const { name, count } of outcomes) expect([name, count]).toEqual([name, await counted(`ParamedicOutcome = '${name}'`)]);
    expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(all);
    expect(sizes(types)).toEqual({ podCrash: all });
  });

  it('has the causes that visibility lists', async () => {
    for (const { name, count } of report.summary.causes) expect([name, count]).toEqual([name, await counted(`ParamedicCause = '${name}'`)]);
  });

  it('has the changes that the incidents gave back, with their verdicts, and what was taken back', async () => {
    const actions = [...(await results()).values()].flatMap((outcome) => outcome?.actions ?? []);
    const { made, byRemedy, takenBack, notHelped, worse } = report.changes;
    expect(made.count).toBe(actions.length);
    expect(byRemedy.map(({ name, count }) => [name, count])).toEqual([['undoRelease', actions.length]]);
    const verdicts = (kind: string) => actions.filter(({ verdict }) => verdict?.kind === kind).length;
    expect([notHelped.count, worse.count]).toEqual([verdicts('notRecovered'), verdicts('worse')]);
    expect(worse.count + notHelped.count).toBeGreaterThan(0);
    expect(takenBack.count).toBe(actions.filter(({ undone }) => undone).length);
  });

  it('calls healed without a person what recovered, and nobody was asked or needed', async () => {
    const recovered = await runsWith(({ kind }) => kind === 'recovered');
    const { withoutPerson, withPerson, selfResolved, share, toHeal } = report.healing;
    expect([...runsOf(withoutPerson.incidents), ...runsOf(withPerson.incidents)].sort()).toEqual(recovered);
    expect(runsOf(selfResolved.incidents)).toEqual(await runsWith(({ kind }) => kind === 'selfResolved'));
    const all = await Promise.all(report.incidents.map(async (one) => ({ run: one.run, events: await events(one) })));
    const decided = all.flatMap(({ run, events: own }) =>
      own.some(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED') ? [run] : [],
    );
    expect(runsOf(withPerson.incidents)).toEqual(recovered.filter((run) => decided.includes(run)));
    expect(report.approvals.asked.count).toBe(decided.length);
    expect(report.approvals.took.of).toBe(decided.length);
    expect(share).toBeCloseTo(withoutPerson.count / toHeal.count);
  });

  it('takes the times that the incidents gave back', async () => {
    const all = await results();
    for (const { run, opened, acted, recovered, began } of report.incidents) {
      const [first] = all.get(run!)?.actions ?? [];
      const cure = all.get(run!)?.actions.find(({ verdict }) => verdict?.kind === 'recovered');
      expect(began).toBeNull();
      if (first && acted) expect(Math.abs(Date.parse(acted) - Date.parse(first.actedAt))).toBeLessThan(1_000);
      expect([acted === null, recovered === null]).toEqual([first === undefined, cure === undefined]);
      if (cure?.verifiedAt && recovered) expect(Math.abs(Date.parse(recovered) - Date.parse(cure.verifiedAt))).toBeLessThan(1_000);
      expect(Date.parse(opened)).toBeLessThan(Date.now());
    }
    const took = report.incidents.flatMap(({ opened, recovered }) => (recovered ? [Date.parse(recovered) - Date.parse(opened)] : []));
    expect(report.times.recover.all).toMatchObject({ of: took.length, longestMs: Math.max(...took) });
  });

  it('shows the two seconds apart that an incident settled, and counts them in no time without waits', () => {
    const settled = report.incidents.find(({ waitedMs }) => (waitedMs?.settling ?? 0) >= 2_000)!;
    const { recover, waits } = report.times;
    expect(waits!.find(({ kind }) => kind === 'settling')?.spread.incidents).toContain(settled.number);
    const ms = Date.parse(settled.recovered!) - Date.parse(settled.opened);
    expect(recover.all.longestMs).toBeGreaterThanOrEqual(ms);
    expect(recover.withoutWaits!.longestMs!).toBeLessThanOrEqual(Math.max(...longestButFor(settled.number), ms - 2_000));
  });

  it('finds that the same target failed again after it was healed, and who refused then', () => {
    const [first] = report.incidents;
    const second = report.incidents.find(({ number, target }) => number !== first!.number && target === first!.target)!;
    expect(report.changes.relapses.incidents).toEqual([second.number]);
    expect(report.offenders[0]).toMatchObject({ name: `${first!.cluster}/${first!.target}`, incidents: [first!.number, second.number] });
    expect(report.guards.flatMap(({ incidents }) => incidents)).toContain(second.number);
  });

  it('counts Actions as the events of the histories are listed', async () => {
    const { actions, total, beside } = report.cost!;
    const listed = await Promise.all(report.incidents.map(events));
    const until = (time: string) => Date.parse(time) < Date.parse(report.period.to);
    const names = listed.flat().flatMap(({ eventType, eventTime }) => (until(eventTime) ? [eventType.replace('EVENT_TYPE_', '')] : []));
    const count = (name: string) => names.filter((one) => one === name).length;
    expect(actions).toMatchObject({
      starts: count('WORKFLOW_EXECUTION_STARTED'),
      timers: count('TIMER_STARTED'),
      signals: count('WORKFLOW_EXECUTION_SIGNALED'),
      updates: count('WORKFLOW_EXECUTION_UPDATE_ACCEPTED'),
      searchAttributes: count('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'),
      childWorkflows: 0,
    });
    expect(actions.activities).toBeGreaterThanOrEqual(count('ACTIVITY_TASK_COMPLETED'));
    expect(total).toBe(Object.values(actions).reduce((sum, one) => sum + one, 0));
    expect(beside.map(({ type }) => type)).toContain('permitOffice');
  });

  it('is the same as Markdown and as HTML, with a link to the page of each incident', async () => {
    const environment = { ...stage.settings, TEMPORAL_UI_URL: 'http://127.0.0.1:8233' };
    const [markdown, html] = await Promise.all(
      ['markdown', 'html'].map(async (format) => (await runParamedic(['report', '--since', '1h', '--format', format], environment)).out),
    );
    for (const { id, run } of report.incidents)
      for (const text of [markdown, html]) expect(text).toContain(`/workflows/${encodeURIComponent(id)}/${run}`);
    expect(markdown).toContain(`Share healed without a person: ${Math.round(report.healing.share! * 100)} %`);
    expect(html).toContain('<svg viewBox=');
  });

  it('says what Temporal keeps no more', async () => {
    const { out } = await runParamedic(['report', '--since', '7d', '--json'], stage.settings);
    const { source } = Report.parse(JSON.parse(out));
    expect(source).toMatchObject({ kind: 'temporal', keptMs: 86_400_000, cutAt: expect.any(String) });
    const { out: text } = await runParamedic(['report', '--since', '7d'], stage.settings);
    expect(text).toMatch(
      /Temporal keeps what has ended for 24 hours, so that incidents that ended before .* are missing; the audit trail has them/,
    );
  });

  it('is the same from the audit trail, as far as that tells', async () => {
    const files = ['--trail', join(folder, 'audit.jsonl')];
    const { out } = await runParamedic(['report', '--since', '1h', '--json', ...files], stage.settings);
    const ofTrail = Report.parse(JSON.parse(out));
    // The one that was cancelled wrote no trail here.
    const { cancelled, ...others } = sizes(report.summary.outcomes);
    expect(cancelled).toBe(1);
    expect(sizes(ofTrail.summary.outcomes)).toEqual(others);
    for (const part of ['worse', 'notHelped', 'takenBack', 'relapses', 'made'] as const)
      expect([part, ofTrail.changes[part].count]).toEqual([part, report.changes[part].count]);
    expect(sizes(ofTrail.guards)).toEqual(sizes(report.guards));
    expect(ofTrail.approvals.took).toMatchObject({ medianMs: report.approvals.took.medianMs, of: report.approvals.took.of });
    expect(ofTrail.times.recover.all).toMatchObject({ medianMs: report.times.recover.all.medianMs });
    expect(ofTrail.healing.withoutPerson.count).toBe(report.healing.withoutPerson.count);
    expect([ofTrail.cost, ofTrail.times.waits, ofTrail.pages.messages, ofTrail.changes.judgedWrong]).toEqual([null, null, null, null]);
  });

  it('is refused with what would be right', async () => {
    const refused = async (...args: readonly string[]) => {
      const { code, err } = await runParamedic(['report', ...args], stage.settings);
      return [code, err] as const;
    };
    expect(await refused('--since', '1h', '--to', '2h')).toEqual([1, expect.stringContaining('--since must be before --to.')]);
    expect(await refused('--format', 'pdf')).toEqual([2, expect.stringContaining('Allowed choices are markdown, html, json')]);
    expect(await refused('--trail', '/nowhere.jsonl')).toEqual([1, expect.stringContaining('/nowhere.jsonl')]);
  });

  it('is of one cluster where that is asked for', async () => {
    const { out } = await runParamedic(['report', '--since', '1h', '--cluster', 'nowhere', '--json'], stage.settings);
    expect(Report.parse(JSON.parse(out)).incidents).toEqual([]);
  });
});

/** What the others took, without what they waited for. */
function longestButFor(number: number): readonly number[] {
  return report.incidents.flatMap((one) =>
    one.number !== number && one.recovered ? [Date.parse(one.recovered) - Date.parse(one.opened)] : [],
  );
}
