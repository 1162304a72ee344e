import type { Reference, ReleaseReference } from '../incident/reference.ts';

const KINDS: Readonly<Record<string, Reference['kind']>> = {
  configmap: 'ConfigMap',
  secret: 'Secret',
  serviceaccount: 'ServiceAccount',
  persistentvolumeclaim: 'PersistentVolumeClaim',
};

/** What a pod needs and is not there. */
export interface Missing extends Reference {
  /** The release before the newest needs it too; null where no template refers to it. */
  readonly inPrevious: boolean | null;
}

/** How kubelet, scheduler and API server say that an object is not there. */
const OBJECT = /\b(configmap|secret|serviceaccount|persistentvolumeclaim)s? "([^"]+)" not found/gi;
/** How a kubelet says that a key of one is not there. */
const KEY = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^/\s]+\/)?([^\s:,/]+)/gi;

/**
 * What a message of the cluster says is not there. `inPrevious` is null where the newest release does not refer to it by its template.
 * @param known what the newest release refers to
 */
export function missingInText(text: string, known: readonly ReleaseReference[]): Missing[] {
  const found = [
    ...[...text.matchAll(OBJECT)].map(([, kind = '', name = '']) => ({ kind: KINDS[kind.toLowerCase()]!, name, keys: [] })),
    ...[...text.matchAll(KEY)].map(([, key = '', kind = '', name = '']) => ({ kind: KINDS[kind.toLowerCase()]!, name, keys: [key] })),
  ];
  return found.map((one) => ({
    ...one,
    inPrevious: known.find(({ kind, name }) => kind === one.kind && name === one.name)?.inPrevious ?? null,
  }));
}
