import { setTimeout as pause } from 'node:timers/promises';
import { ApiRefusal, type Query, type RawReader } from '../clients/kubernetes/watching/raw-reader.ts';
import type { WatchedKind } from './kinds.ts';

const BACK_OFF_FIRST_MS = 1_000;
const BACK_OFF_MAX_MS = 30_000;
/** A kind that is not installed, or may not be read, is tried again so seldom. */
const AGAIN_MS = { absent: 300_000, forbidden: 60_000 };
/** A watch that ended sooner is no sign that all is well. */
const SHORT_WATCH_MS = 5_000;

/** Whether a kind is seen. `absent`: the cluster does not know it. */
export type Sight =
  | { readonly kind: 'listing' | 'watching' }
  | { readonly kind: 'absent' }
  /** @property permission what is missing, such as `list pods` */
  | { readonly kind: 'forbidden'; readonly permission: string; readonly reason: string }
  | { readonly kind: 'failing'; readonly reason: string };

/** Where what is read of one kind goes. None of it may throw. */
export interface Sink {
  beginList(): void;
  item(object: unknown): void;
  endList(): void;
  changed(object: unknown): void;
  deleted(object: unknown): void;
  sight(sight: Sight): void;
  reconnected(why: 'closed' | 'expired' | 'failed'): void;
}

export interface FollowOptions {
  /** What is there already is of no interest. */
  readonly onlyNew?: boolean;
  /** As `fieldSelector`. */
  readonly query?: Query;
  /** All is listed anew after about so long, so that what a watch did not tell is found. */
  readonly relistMs: number;
  readonly elapsedMs: () => number;
}

/** Lists a kind and watches it from there, over and over, until told to stop. */
export async function follow(
  { type, pageSize }: Pick<WatchedKind, 'type' | 'pageSize'>,
  namespace: string,
  reader: RawReader,
  sink: Sink,
  { relistMs, elapsedMs, onlyNew = false, query = {} }: FollowOptions,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      sink.sight({ kind: 'listing' });
      const version = await listAll();
      failures = 0;
      sink.sight({ kind: 'watching' });
      await watchFrom(version);
    } catch (error) {
      if (signal.aborted) return;
      const sight = sightOf(error, 'list', type.plural);
      sink.sight(sight);
      await rest(sight.kind === 'failing' ? backOffMs(failures++) : AGAIN_MS[sight.kind], signal);
    }
  }

  async function listAll(): Promise<string> {
    if (onlyNew) return (await reader.list(type, namespace, { ...query, limit: 1 }, signal)).resourceVersion;
    sink.beginList();
    let continueAt: string | undefined;
    let version: string;
    do {
      // Without a version, so that the answer is none of a cache that has fallen behind.
      const page = await reader.list(type, namespace, { ...query, limit: pageSize, continue: continueAt }, signal);
      for (const item of page.items) sink.item(item);
      version = page.resourceVersion;
      continueAt = page.continueAt || undefined;
    } while (continueAt !== undefined && !signal.aborted);
    if (!signal.aborted) sink.endList();
    return version;
  }

  /** Returns when all is to be listed anew. */
  async function watchFrom(listed: string): Promise<void> {
    const relist = AbortSignal.timeout(Math.round(relistMs * (0.9 + 0.2 * Math.random())));
    const ended = AbortSignal.any([signal, relist]);
    let version = listed;
    let short = 0;
    let isFailing = false;
    const sees = () => {
      if (isFailing) sink.sight({ kind: 'watching' });
      isFailing = false;
    };
    while (!ended.aborted) {
      const beganMs = elapsedMs();
      const end = await reader.watch(
        type,
        namespace,
        version,
        ({ type: what, object, resourceVersion }) => {
          sees();
          if (what === 'ADDED' || what === 'MODIFIED') sink.changed(object);
          else if (what === 'DELETED') sink.deleted(object);
          if (resourceVersion !== '') version = resourceVersion;
        },
        ended,
        query,
      );
      if (ended.aborted) return;
      sink.reconnected(end.kind);
      if (end.kind === 'expired') return;
      short = elapsedMs() - beganMs < SHORT_WATCH_MS ? short + 1 : 0;
      if (end.kind === 'failed') {
        const sight = sightOf(end.error, 'watch', type.plural);
        sink.sight(sight);
        isFailing = true;
        if (sight.kind !== 'failing') return rest(AGAIN_MS[sight.kind], ended);
      }
      if (short > 0) await rest(backOffMs(short - 1), ended);
      else if (end.kind === 'closed') sees();
    }
  }
}

function sightOf(error: unknown, verb: 'list' | 'watch', plural: string): Exclude<Sight, { readonly kind: 'listing' | 'watching' }> {
  const code = error instanceof ApiRefusal ? error.code : (error as { statusCode?: number }).statusCode;
  if (code === 404) return { kind: 'absent' };
  const reason = error instanceof Error ? causeOf(error) : String(error);
  return code === 403 ? { kind: 'forbidden', permission: `${verb} ${plural}`, reason } : { kind: 'failing', reason };
}

/** The outer error of the HTTP client says only that something failed. */
function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? causeOf(cause) : message;
}

function backOffMs(failures: number): number {
  return Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
