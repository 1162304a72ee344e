import type { ResourceType } from '../../clients/kubernetes/guarded-patch.ts';
import { ApiRefusal, type RawReader } from '../../clients/kubernetes/watching/raw-reader.ts';

type Json = Readonly<Record<string, unknown>>;
type Events = Parameters<RawReader['watch']>[3];
type End = Awaited<ReturnType<RawReader['watch']>>;

interface OpenWatch {
  readonly onEvent: Events;
  readonly end: (end: End) => void;
  readonly from: string;
}

/** An API server in memory: what is really there, and what its watches tell, which need not be the same. */
export function readerDouble(onServerTime: (serverMs: number) => void, serverMs = () => Date.now()) {
  const objects = new Map<string, Map<string, Json>>();
  const refusals = new Map<string, ApiRefusal>();
  const watches = new Map<string, OpenWatch[]>();
  const asked: string[] = [];
  let version = 100;

  const nameOf = (object: Json) => {
    const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
    return `${namespace}/${name}`;
  };
  const answer = (what: string, plural: string) => {
    asked.push(what);
    onServerTime(serverMs());
    const refusal = refusals.get(plural);
    if (refusal) throw refusal;
  };

  const reader: RawReader = {
    async list({ plural }: ResourceType, namespace, query) {
      answer(`list ${plural}`, plural);
      const all = [...(objects.get(plural)?.values() ?? [])].filter(
        ({ metadata }) => !namespace || (metadata as { namespace?: string }).namespace === namespace,
      );
      const from = Number(query.continue ?? 0);
      const limit = Number(query.limit ?? all.length);
      const continueAt = from + limit < all.length ? String(from + limit) : '';
      // Each reader gets objects of its own, as from a network.
      return { items: structuredClone(all.slice(from, from + limit)), resourceVersion: String(version), continueAt };
    },
    async get({ plural }, namespace, name) {
      answer(`get ${plural} ${name}`, plural);
      return structuredClone(objects.get(plural)?.get(`${namespace}/${name}`) ?? null);
    },
    watch({ plural }, _namespace, from, onEvent, signal) {
      return new Promise((resolve) => {
        watches.set(plural, [...(watches.get(plural) ?? []), { onEvent, end: resolve, from }]);
        signal.addEventListener('abort', () => resolve({ kind: 'closed' }), { once: true });
      });
    },
  };

  return {
    reader,
    asked,
    /** What is really there; nothing tells of it by itself. */
    put: (plural: string, object: Json) => objects.set(plural, (objects.get(plural) ?? new Map()).set(nameOf(object), object)),
    take: (plural: string, object: Json) => objects.get(plural)?.delete(nameOf(object)),
    refuse: (plural: string, code: number, message: string) => refusals.set(plural, new ApiRefusal(code, message)),
    allow: (plural: string) => refusals.delete(plural),
    /** Tells an event, whether it is so or not. */
    tell: (plural: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: Json) => {
      version++;
      for (const one of watches.get(plural) ?? []) one.onEvent({ type, object: structuredClone(object), resourceVersion: String(version) });
    },
    /** Ends the watches of a kind. Returns from which versions they were. */
    end: (plural: string, end: End): string[] => {
      const open = watches.get(plural) ?? [];
      watches.set(plural, []);
      for (const one of open) one.end(end);
      return open.map(({ from }) => from);
    },
    watching: (plural: string): string[] => (watches.get(plural) ?? []).map(({ from }) => from),
  };
}
