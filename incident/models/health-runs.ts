import type { ServerSettings } from '../model.ts';
import type { ModelFact } from './model-facts.ts';
import { SILENCE_MAX_MS } from './served-spans.ts';

/** Nothing new is told again after this, so that the record knows that the server was looked at all the while. */
const CONFIRM_EVERY_MS = 120_000;

/** The model that a server was seen to serve well. */
export interface WellServed {
  readonly model: string;
  /** Name of the registry that its record is under; null where it is in none. */
  readonly registry: string | null;
  readonly address: string;
  /** Null where the registry knows none with this address. */
  readonly version: string | null;
  readonly settings: ServerSettings;
}

/** How a server has done since it is watched. */
export type ServerRun =
  /** @property toldMs when its record was last told; null where that could not be */
  | {
      readonly kind: 'well';
      readonly served: WellServed;
      readonly fromMs: number;
      readonly untilMs: number;
      readonly toldMs: number | null;
    }
  /** @property served what it served while it was well; null where it was never seen well. @property isTold false: its record could not be told yet */
  | { readonly kind: 'ill'; readonly served: WellServed | null; readonly atMs: number; readonly isTold: boolean };

/** What a look at a server brings, and what the record of a model is to hear of it. */
export interface Looked {
  readonly run: ServerRun;
  readonly news: readonly { readonly of: Pick<WellServed, 'model' | 'registry'>; readonly fact: ModelFact }[];
}

/** A look that found the server well. Pure, as all here. @param server as targets are written */
export function lookedWell(server: string, before: ServerRun | undefined, now: WellServed, nowMs: number): Looked {
  const goesOn = before?.kind === 'well' && isSame(before.served, now) && isNoSilence(nowMs - before.untilMs);
  // A registry that is away for a while takes away no knowledge.
  const served = goesOn && now.version === null ? { ...now, version: before.served.version } : now;
  const fromMs = goesOn ? before.fromMs : nowMs;
  const isNews = !goesOn || before.served.version !== served.version || before.toldMs === null || nowMs - before.toldMs >= CONFIRM_EVERY_MS;
  const run: ServerRun = { kind: 'well', served, fromMs, untilMs: nowMs, toldMs: isNews ? nowMs : before.toldMs };
  const { model, registry, address, version, settings } = served;
  const fact: ModelFact = { kind: 'healthy', seen: { server, address, version, settings, fromMs, untilMs: nowMs } };
  const missed = before?.kind === 'ill' && !before.isTold ? illNews(server, before.served, before.atMs) : [];
  return { run, news: [...missed, ...(isNews ? [{ of: { model, registry }, fact }] : [])] };
}

/**
 * A look that found the server ill, or serving what is not wanted. It is told once, to the record of what it served before.
 * @param now what it is to serve; null where that is not known
 */
export function lookedIll(
  server: string,
  before: ServerRun | undefined,
  now: Pick<WellServed, 'model' | 'registry'> | null,
  nowMs: number,
): Looked {
  const served = before?.served ?? null;
  const isNews = before?.kind !== 'ill' || !before.isTold;
  return { run: { kind: 'ill', served, atMs: nowMs, isTold: true }, news: isNews ? illNews(server, served ?? now, nowMs) : [] };
}

/** The same where the records could not be told: it is told with the next look. */
export function untold(before: ServerRun | undefined, run: ServerRun): ServerRun {
  if (before?.kind === 'ill' && !before.isTold) return before;
  return run.kind === 'ill' ? { ...run, isTold: false } : { ...run, toldMs: null };
}

function illNews(server: string, of: Pick<WellServed, 'model' | 'registry'> | null, atMs: number): Looked['news'] {
  return of === null ? [] : [{ of: { model: of.model, registry: of.registry }, fact: { kind: 'unhealthy', server, atMs } }];
}

/** A clock that goes back proves nothing of the time between. */
function isNoSilence(sinceMs: number): boolean {
  return sinceMs >= 0 && sinceMs <= SILENCE_MAX_MS;
}

function isSame(one: WellServed, other: WellServed): boolean {
  return one.model === other.model && one.registry === other.registry && one.address === other.address;
}
