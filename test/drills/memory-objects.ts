import type { Address, Objects, RawObject } from '../../clients/kubernetes/any-objects.ts';

/** A cluster in memory, in which all that is made is well at once, and of which single calls can be made to fail. */
export function memoryObjects(namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const there = new Map<string, RawObject>();
  const calls: string[] = [];
  /** Called before each write, by `verb Kind name`. */
  let before: (call: string) => void = () => undefined;
  let uids = 0;
  const keyOf = ({ kind, name }: Pick<Address, 'kind' | 'name'>) => `${kind} ${name}`;
  const write = (call: string) => {
    before(call);
    calls.push(call);
  };

  const objects: Objects = {
    async read(at) {
      const labels = at.kind === 'Namespace' ? namespaces[at.name] : undefined;
      if (labels) return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: at.name, labels } };
      return there.get(keyOf(at)) ?? null;
    },
    async list(_version, kind, selector = '') {
      if (kind === 'Node')
        return [{ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', annotations: { 'kwok.x-k8s.io/node': 'fake' } } }];
      return [...there.values()].filter((one) => one.kind === kind && selects(selector, one.metadata.labels ?? {}));
    },
    async create(made) {
      const name = made.metadata.name ?? '';
      write(`create ${made.kind} ${name}`);
      const object = { ...(made as RawObject), status: { replicas: 1, updatedReplicas: 1, readyReplicas: 1 } };
      there.set(keyOf({ kind: made.kind, name }), { ...object, metadata: { ...object.metadata, uid: `uid ${++uids}` } });
      return there.get(keyOf({ kind: made.kind, name })) as RawObject;
    },
    async patch(at, merge) {
      write(`patch ${keyOf(at)}`);
      const object = there.get(keyOf(at)) as RawObject;
      there.set(keyOf(at), { ...object, spec: { ...object.spec, ...(merge as { spec?: object }).spec } });
    },
    async remove(at) {
      write(`remove ${keyOf(at)}`);
      there.delete(keyOf(at));
    },
  };
  return {
    objects,
    calls,
    names: () => [...there.keys()],
    set(at: Pick<Address, 'kind' | 'name'>, spec: object) {
      const object = there.get(keyOf(at)) as RawObject;
      there.set(keyOf(at), { ...object, spec: { ...object.spec, ...spec } });
    },
    beforeEachWrite(call: typeof before) {
      before = call;
    },
  };
}

/** As far as drills select: by one label that is there, has a value, or has another one. */
function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector
    .split(',')
    .filter(Boolean)
    .every((part) => {
      if (part.startsWith('!')) return labels[part.slice(1)] === undefined;
      const [, name = '', sign, value] = /^([^!=]+)(!?=)?(.*)$/.exec(part) ?? [];
      if (sign === undefined) return labels[name] !== undefined;
      return (labels[name] === value) === (sign === '=');
    });
}
