import { parseArgs } from 'node:util';
import { CoreV1Api } from '@kubernetes/client-node';
import { USAGE_EXIT_CODE } from '../cli/exit-codes.ts';
import { inParallel } from '../clients/in-parallel.ts';
import { type Target, targetText } from '../incident/target.ts';
import { MODEL_PARTS } from '../sandbox/parts/part.ts';
import { brokenImage, simulatedDeployment } from '../sandbox/simulated-workloads.ts';
import { burstOn, COMPLAINTS } from '../test/end-to-end/burst.ts';
import { DEATHS } from '../test/end-to-end/deaths.ts';
import { writesIn } from '../test/end-to-end/pack/writes.ts';
import { NAMESPACE, type Stage, setTheStage } from '../test/end-to-end/stage.ts';
import { release } from '../test/release.ts';
import { until } from '../test/until.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import { countOf } from './counted.ts';

/** So many requests go to the API server at once. */
const AT_ONCE = 20;
const TARGETS_MAX = 5_000;
/** A target has a pod of its release before and one of the broken one; a simulated node takes 500. */
const TARGETS_A_NODE = 200;
const LOOK_EVERY_MS = 2_000;
/** A burst that has not been dealt with by then has failed. */
const PATIENCE_MS = 3_600_000;
/** Nothing new is written for so long: what could be done is done, and the rest waits for what leads it, or for a person. */
const STILL_MS = 120_000;
/** An incident stays open until its alerts are over, which they are only at the end. */
const RUNBOOK = `name: burst
failureType: podCrash
match: { alerts: [KubePodCrashLooping, KubeContainerOOMKilled] }
mode: auto
settleSeconds: 1
remedies: [undoRelease]
alertEndsSeconds: 3600
verify: { stableSeconds: 3, timeoutSeconds: 60 }
`;
/** As wide as limits may be, so that as much as possible is done at once. More targets than the storm brake allows are led as one. */
const LIMITS = `cluster:
  rates:
    remedy: { max: 1000, perSeconds: 3600 }
    namespace: { max: 1000, perSeconds: 3600 }
    cluster: { max: 1000, perSeconds: 3600 }
    allClusters: { max: 1000, perSeconds: 3600 }
  storm: { targets: 150, withinSeconds: 60 }
  blast: { namespaceWorkloads: { percent: 100, atLeast: 1000, withinSeconds: 600 } }
`;

/**
 * A burst of alerts on the real stack: so many Deployments have a release that crashes, Alertmanager tells five alerts of each, and Paramedic
 * and Temporal are killed in the middle. `npm run bench -- burst [--targets N] [--json]`.
 */
export async function burst(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { targets: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
  });
  const count = countOf(values.targets, TARGETS_MAX);
  if (count === null) {
    process.stderr.write(`--targets must be a whole number from 1 to ${TARGETS_MAX}: it is "${values.targets}".\n`);
    process.exitCode = USAGE_EXIT_CODE;
    return;
  }
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const stage = await setTheStage({ without: MODEL_PARTS, limits: LIMITS, files: new Map([['burst.yaml', RUNBOOK]]) });
  try {
    const writes = writesIn(stage.sandbox.addresses.auditLogPath);
    const targets = await breakAll(stage, count, say);
    const wave = burstOn(targets, stage.sandbox.addresses);
    const beganMs = Date.now();
    const seconds = () => Math.round((Date.now() - beganMs) / 1000);
    await wave.tell();
    await reached(say, 'a tenth has an incident', async () => (await incidentsOf(stage)).length >= count / 10);
    await DEATHS.Paramedic(stage);
    await wave.tell();
    await reached(say, 'something was written', async () => written(writes()).size > 0);
    await DEATHS.Temporal(stage);
    await DEATHS.Paramedic(stage);
    await reached(say, 'each has an incident', async () => new Set(await incidentsOf(stage)).size === count);
    const incidentsSeconds = seconds();
    await reached(say, 'nothing more is done', async () => Date.now() - Math.max(lastActMs(writes()), beganMs) > STILL_MS);
    const incidents = await incidentsOf(stage);
    const figures = {
      targets: count,
      alerts: count * COMPLAINTS.length,
      lost: targets.filter((target) => !incidents.includes(targetText(target))).length,
      incidentsTooMany: incidents.length - new Set(incidents).size,
      acted: written(writes()).size,
      doubled: [...written(writes()).values()].filter((times) => times > 1).length,
      allHaveIncidentsSeconds: incidentsSeconds,
      lastActSeconds: Math.round(Math.max(0, lastActMs(writes()) - beganMs) / 1000),
    };
    const lines = Object.entries(figures).map(([name, value]) => `${name.padEnd(25)}${value}`);
    process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${lines.join('\n')}\n`);
    if (figures.lost + figures.incidentsTooMany + figures.doubled > 0) process.exitCode = 1;
  } finally {
    await stage.leave();
  }
}

async function breakAll(stage: Stage, count: number, say: (line: string) => void): Promise<Target[]> {
  const names = Array.from({ length: count }, (_, index) => `burst-${index}`);
  const allReady = async () => {
    const { items } = await stage.apps.listNamespacedDeployment({ namespace: NAMESPACE });
    return items.filter(({ status }) => status?.readyReplicas === 1).length === count;
  };
  await addNodes(stage, Math.ceil(count / TARGETS_A_NODE));
  await inParallel(names, AT_ONCE, (name) =>
    stage.apps.createNamespacedDeployment({ namespace: NAMESPACE, body: simulatedDeployment(name, { replicas: 1, restartsAfter: '5m' }) }),
  );
  await reached(say, 'all run', allReady);
  await inParallel(names, AT_ONCE, (name) => release(stage.apps, NAMESPACE, name, brokenImage(name)));
  return names.map((name) => ({ cluster: 'local', namespace: NAMESPACE, kind: 'Deployment', name }));
}

async function addNodes({ admin }: Stage, count: number): Promise<void> {
  const core = admin.makeApiClient(CoreV1Api);
  const annotations = { 'kwok.x-k8s.io/node': 'fake' };
  const names = Array.from({ length: count }, (_, index) => `simulated-burst-${index}`);
  await inParallel(names, AT_ONCE, (name) => core.createNode({ body: { metadata: { name, annotations } } }));
}

/** The targets of all incidents, as often as there are incidents. */
async function incidentsOf({ client }: Stage): Promise<string[]> {
  const query = `${incidentAttributes.failureType.name} IS NOT NULL AND ExecutionStatus != 'ContinuedAsNew'`;
  const found: string[] = [];
  for await (const { typedSearchAttributes } of client.workflow.list({ query })) {
    const text = typedSearchAttributes.get(incidentAttributes.target);
    if (text) found.push(text);
  }
  return found;
}

function lastActMs(writes: ReturnType<ReturnType<typeof writesIn>>): number {
  return writes.at(-1)?.atMs ?? 0;
}

/** How often Paramedic wrote to each Deployment, by the API server's own record. */
function written(writes: ReturnType<ReturnType<typeof writesIn>>): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { resource, name } of writes) if (resource === 'deployments') times.set(name, (times.get(name) ?? 0) + 1);
  return times;
}

/** Waits for it, though Temporal may be away meanwhile, and says how long that took. */
async function reached(say: (line: string) => void, what: string, holds: () => Promise<boolean>): Promise<void> {
  const began = Date.now();
  await until(what, () => holds().catch(() => false), LOOK_EVERY_MS, PATIENCE_MS);
  say(`${what}, after ${Math.round((Date.now() - began) / 1000)} s`);
}
