import { activityInfo, heartbeat, sleep } from '@temporalio/activity';
import { TargetGone } from '../clients/failures.ts';
import type { ModelRecordKeeper } from '../clients/model-records.ts';
import type { ModelServers } from '../clients/model-servers.ts';
import { healthOf } from '../diagnosis/health.ts';
import { healthBy } from '../diagnosis/health-by.ts';
import { QUIET_CONTEXT } from '../incident/context.ts';
import { type Evidence, servedModel } from '../incident/evidence.ts';
import { versionAt } from '../incident/model.ts';
import { type Looked, lookedIll, lookedWell, type ServerRun, untold, type WellServed } from '../incident/models/health-runs.ts';
import { LOOK_EVERY_MS } from '../incident/models/served-spans.ts';
import { type Target, targetText } from '../incident/target.ts';
import { asActivityFailure, messageOf } from './failures.ts';

/** What is there is listed anew so often; a server that comes is seen after so long at most. */
const LIST_EVERY_MS = 60_000;
/** Of more servers than this the first by name are looked at; a look costs some four calls of the API server. */
export const SERVERS_MAX = 100;
const LOOKS_AT_ONCE = 4;
const LOOK_WITHIN_MS = 15_000;
/** After so long what was seen is handed back to the workflow, and the next stretch begins. */
const STRETCH_MS = 10 * 60_000;
const ENDING_LOOK_MS = 200;

/** How each server has done, by its name as targets are written. */
export type ServerRuns = Readonly<Record<string, ServerRun>>;

/** What a stretch of watching leaves. */
export interface Watched {
  readonly runs: ServerRuns;
  readonly servers: number;
  /** There are more than are looked at. */
  readonly left: number;
  /** What could not be listed, a sentence each. */
  readonly unlisted: readonly string[];
}

/** What a watch takes to be told apart from its clock and its worker. */
export interface WatchPace {
  /** The worker is told to end: the watch goes on elsewhere. */
  readonly isEnding: () => boolean;
  readonly lookEveryMs?: number;
  readonly stretchMs?: number;
}

/** Looks at all model servers again and again, and tells the record of each model what changes, and now and then that nothing does. */
export function watchingActivities(servers: ModelServers, records: ModelRecordKeeper, pace: WatchPace) {
  const { isEnding, lookEveryMs = LOOK_EVERY_MS, stretchMs = STRETCH_MS } = pace;

  async function tell(cluster: string, news: Looked['news']): Promise<void> {
    for (const { of, fact } of news) {
      if (fact.kind === 'healthy') await records.tell({ cluster, ...of }, [fact]);
      else await records.tellIfKept({ cluster, ...of }, [fact]);
    }
  }

  /** What is known of a server after one more look; undefined: it is gone. What could not be looked at is as it was, and older. */
  async function look(target: Target, before: ServerRun | undefined): Promise<ServerRun | undefined> {
    const looked = await inTime(lookAt(servers, target, before)).catch((error) => {
      if (error instanceof TargetGone) return null;
      return 'unknown' as const;
    });
    if (looked === null) return undefined;
    if (looked === 'unknown') return before;
    try {
      await tell(target.cluster, looked.news);
      return looked.run;
    } catch {
      return untold(before, looked.run);
    }
  }

  async function lookAtAll(targets: readonly Target[], before: ServerRuns): Promise<ServerRuns> {
    const runs = new Map<string, ServerRun>();
    const queue = [...targets];
    const lookOn = async () => {
      while (!isEnding()) {
        const target = queue.shift();
        if (target === undefined) return;
        const server = targetText(target);
        const run = await look(target, before[server]);
        if (run) runs.set(server, run);
        heartbeat(before);
      }
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookOn));
    // Those that were not come to, since the worker ends, are as they were.
    const left = queue.map(targetText).flatMap((server) => (before[server] ? [[server, before[server]] as const] : []));
    return Object.fromEntries([...left, ...runs]);
  }

  async function pause(): Promise<void> {
    for (const endMs = Date.now() + lookEveryMs; Date.now() < endMs && !isEnding(); ) await sleep(Math.min(ENDING_LOOK_MS, lookEveryMs));
  }

  return {
    /** Watches for a stretch of time. Where its worker dies, the next one goes on with what was known at the last heartbeat. */
    watchModels(given: ServerRuns): Promise<Watched> {
      return asActivityFailure(async () => {
        let runs = (activityInfo().heartbeatDetails as ServerRuns | undefined) ?? given;
        const endMs = Date.now() + stretchMs;
        for (let listedMs = Number.NEGATIVE_INFINITY, list = NONE; ; await pause()) {
          if (Date.now() - listedMs >= LIST_EVERY_MS) {
            list = await inTime(servers.list()).catch((error) => ({ servers: [], unlisted: [messageOf(error)] }));
            listedMs = Date.now();
          }
          const known = list.servers.toSorted((one, other) => (targetText(one) < targetText(other) ? -1 : 1));
          runs = await lookAtAll(known.slice(0, SERVERS_MAX), runs);
          heartbeat(runs);
          const left = Math.max(0, known.length - SERVERS_MAX);
          if (isEnding() || Date.now() >= endMs) return { runs, servers: known.length - left, left, unlisted: list.unlisted };
        }
      });
    },
  };
}

const NONE: Awaited<ReturnType<ModelServers['list']>> = { servers: [], unlisted: [] };

/** One look, by the very measure that cures are verified by. `unknown`: it cannot be told. */
async function lookAt(servers: ModelServers, target: Target, before: ServerRun | undefined): Promise<Looked | 'unknown'> {
  const server = targetText(target);
  const evidence = await servers.observe(target);
  const served = wellServed(evidence);
  const model = servedModel(evidence);
  const place = model && { model: model.model, registry: model.place };
  if (served === null || healthOf(evidence).kind !== 'recovered') return lookedIll(server, before, place, Date.now());
  const well = lookedWell(server, before, served, Date.now());
  if (well.news.length === 0) return well;
  // What its pods answer is asked only when it is to be told.
  const golden = await servers.askGolden(target, evidence, null);
  const verdict = healthBy('pods', evidence, { ...QUIET_CONTEXT, golden });
  if (verdict.kind === 'unknown') return 'unknown';
  return verdict.kind === 'recovered' ? well : lookedIll(server, before, place, Date.now());
}

/** What it serves; null where that is no one version. */
function wellServed(evidence: Evidence): WellServed | null {
  const served = servedModel(evidence);
  if (served === null || served.wanted === null) return null;
  const { model, place, wanted: address, addressing, settings, registry } = served;
  const version = registry.kind === 'read' ? (versionAt(registry.model, address, addressing)?.version ?? null) : null;
  return { model, registry: place, address, version, settings };
}

async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${LOOK_WITHIN_MS / 1000} s.`)), LOOK_WITHIN_MS);
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
