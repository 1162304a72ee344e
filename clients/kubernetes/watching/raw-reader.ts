import { HttpMethod, IsomorphicFetchHttpLibrary, type KubeConfig, RequestContext, Watch } from '@kubernetes/client-node';
import { z } from 'zod';
import { redact } from '../../../incident/redact.ts';
import type { ResourceType } from '../guarded-patch.ts';

const ANSWER_WITHIN_MS = 30_000;
const REASON_CHARACTERS_MAX = 300;
/** A watch is ended by the server after some minutes, so that watches of all kinds do not end at once. */
const WATCH_SECONDS_MIN = 240;
const GONE = 410;

/** What an answer is read by. `undefined` values are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Raised when the API server answers by an error. */
export class ApiRefusal extends Error {
  /** HTTP's status. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** One page of a list, with nothing of its objects dropped. */
interface Page {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  /** Where the next page begins; empty: there is none. */
  readonly continueAt: string;
}

/** One event of a watch. A `BOOKMARK`'s object tells its version alone. */
interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: unknown;
  readonly resourceVersion: string;
}

/** How a watch ended. `expired`: what comes after its version is not kept any more, so that all must be listed anew. */
type WatchEnd = { readonly kind: 'closed' | 'expired' } | { readonly kind: 'failed'; readonly error: unknown };

/** Reads objects of any kind as the API server sends them, and watches them. */
export interface RawReader {
  /** @throws ApiRefusal, or what the network throws */
  list(type: ResourceType, namespace: string, query: Query, signal?: AbortSignal): Promise<Page>;
  /** The object as it is now, from no cache; null where it does not exist. @throws ApiRefusal, or what the network throws */
  get(type: ResourceType, namespace: string, name: string, signal?: AbortSignal): Promise<unknown>;
  /** Watches from a version on. Never rejects. */
  watch(
    type: ResourceType,
    namespace: string,
    from: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
    query?: Query,
  ): Promise<WatchEnd>;
}

const ListAnswer = z.object({
  metadata: z.object({ resourceVersion: z.string().default(''), continue: z.string().nullish() }),
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
});
const Status = z.object({ message: z.string().default(''), code: z.number().default(0) });
const Versioned = z.object({ metadata: z.object({ resourceVersion: z.string().default('') }) });

/** @param onServerTime told what the API server says the time is, with every answer */
export function rawReader(config: KubeConfig, onServerTime: (serverMs: number) => void): RawReader {
  const http = new IsomorphicFetchHttpLibrary();
  const watcher = new Watch(config);

  async function ask(path: string, query: Query, signal?: AbortSignal): Promise<unknown> {
    const url = new URL(`${config.getCurrentCluster()?.server}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    const request = new RequestContext(url.toString(), HttpMethod.GET);
    request.setHeaderParam('Accept', 'application/json');
    await config.applySecurityAuthentication(request);
    const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
    request.setSignal(signal ? AbortSignal.any([signal, limit]) : limit);
    const answer = await http.send(request).toPromise();
    const body = await answer.body.text();
    const serverMs = Date.parse(answer.headers.date ?? '');
    if (!Number.isNaN(serverMs)) onServerTime(serverMs);
    if (answer.httpStatusCode !== 200) throw new ApiRefusal(answer.httpStatusCode, whyOf(answer.httpStatusCode, body));
    return JSON.parse(body);
  }

  return {
    async list(type, namespace, query, signal) {
      const answer = ListAnswer.parse(await ask(pathOf(type, namespace), query, signal));
      return { items: answer.items, resourceVersion: answer.metadata.resourceVersion, continueAt: answer.metadata.continue ?? '' };
    },

    async get(type, namespace, name, signal) {
      try {
        return await ask(`${pathOf(type, namespace)}/${encodeURIComponent(name)}`, {}, signal);
      } catch (error) {
        if (error instanceof ApiRefusal && error.code === 404) return null;
        throw error;
      }
    },

    async watch(type, namespace, from, onEvent, signal, query = {}) {
      const timeoutSeconds = Math.round(WATCH_SECONDS_MIN * (1 + Math.random()));
      const asked = { ...query, resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds };
      return new Promise((resolve) => {
        let isExpired = false;
        let abort: AbortController | null = null;
        const end = (error: unknown) => {
          signal.removeEventListener('abort', stop);
          if (isExpired || (error as { statusCode?: number } | null)?.statusCode === GONE) return resolve({ kind: 'expired' });
          // Silence for half a minute may be peace or a connection that is gone; a new watch from the same version loses nothing.
          const isOver = !error || signal.aborted || (error as { name?: string }).name === 'TimeoutError';
          resolve(isOver ? { kind: 'closed' } : { kind: 'failed', error });
        };
        const stop = () => {
          abort?.abort();
          end(null);
        };
        if (signal.aborted) return end(null);
        signal.addEventListener('abort', stop, { once: true });
        const onLine = (phase: string, object: unknown) => {
          if (signal.aborted) return;
          if (phase === 'ERROR') {
            isExpired ||= Status.safeParse(object).data?.code === GONE;
            return;
          }
          const versioned = Versioned.safeParse(object);
          if (versioned.success)
            onEvent({ type: phase as WatchEvent['type'], object, resourceVersion: versioned.data.metadata.resourceVersion });
        };
        watcher.watch(pathOf(type, namespace), asked, onLine, end).then((controller) => {
          abort = controller;
          if (signal.aborted) controller.abort();
        }, end);
      });
    },
  };
}

function pathOf({ group, version, plural }: ResourceType, namespace: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === '' ? `${root}/${plural}` : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

function whyOf(code: number, body: string): string {
  let message = '';
  try {
    message = Status.parse(JSON.parse(body)).message;
  } catch {
    // What stands between us and the API server answers by pages of its own.
  }
  return redact(message, REASON_CHARACTERS_MAX) || `HTTP ${code}`;
}
