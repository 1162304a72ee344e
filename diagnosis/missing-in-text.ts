import type { Reference, ReleaseReference } from '../incident/reference.ts';

const KINDS: Readonly<Record<string, Reference['kind']>> = {
  configmap: 'ConfigMap',
  secret: 'Secret',
  serviceaccount: 'ServiceAccount',
  persistentvolumeclaim: 'PersistentVolumeClaim',
};

/** How kubelet, scheduler and API server say that an object is not there. */
const OBJECT = /\b(configmap|secret|serviceaccount|persistentvolumeclaim)s? "([^"]+)" not found/gi;
/** How a kubelet says that a key of one is not there. */
const KEY = /couldn't find key (\S+) in (ConfigMap|Secret) [^/\s]+\/([^\s:,]+)/gi;

/**
 * What a message of the cluster says is not there. What the newest release does not refer to was not brought by it.
 * @param known what the newest release refers to
 */
export function missingInText(text: string, known: readonly ReleaseReference[]): (Reference & Pick<ReleaseReference, 'inPrevious'>)[] {
  const found = [
    ...[...text.matchAll(OBJECT)].map(([, kind = '', name = '']) => ({ kind: KINDS[kind.toLowerCase()]!, name, keys: [] })),
    ...[...text.matchAll(KEY)].map(([, key = '', kind = '', name = '']) => ({ kind: KINDS[kind.toLowerCase()]!, name, keys: [key] })),
  ];
  return found.map((one) => ({
    ...one,
    inPrevious: known.find(({ kind, name }) => kind === one.kind && name === one.name)?.inPrevious ?? true,
  }));
}
