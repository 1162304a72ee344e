import type { V1Container, V1PodTemplateSpec, V1Volume } from '@kubernetes/client-node';
import type { Reference, ReleaseReference } from '../../../incident/reference.ts';

const TOLD_MAX = 20;

/** What pods of the later template cannot start without, and whether the earlier one named it too. What is optional is left out. */
export function referencesOf(to: V1PodTemplateSpec | undefined, from: V1PodTemplateSpec | undefined): readonly ReleaseReference[] {
  const before = referencesIn(from);
  return referencesIn(to)
    .slice(0, TOLD_MAX)
    .map((one) => ({
      ...one,
      inPrevious: before.some(
        ({ kind, name, keys }) => kind === one.kind && name === one.name && one.keys.every((key) => keys.includes(key)),
      ),
    }));
}

function referencesIn(template: V1PodTemplateSpec | undefined): readonly Reference[] {
  const spec = template?.spec;
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const all = [...containers.flatMap(ofEnvironment), ...(spec?.volumes ?? []).flatMap(ofVolume)];
  const account: Reference[] = spec?.serviceAccountName ? [{ kind: 'ServiceAccount', name: spec.serviceAccountName, keys: [] }] : [];
  return merged([...all, ...account]);
}

function ofEnvironment({ env = [], envFrom = [] }: V1Container): Reference[] {
  const variables = env.flatMap(({ valueFrom }) => [
    ...ofKey('ConfigMap', valueFrom?.configMapKeyRef),
    ...ofKey('Secret', valueFrom?.secretKeyRef),
  ]);
  const sources = envFrom.flatMap(({ configMapRef, secretRef }) => [
    ...ofWhole('ConfigMap', configMapRef),
    ...ofWhole('Secret', secretRef),
  ]);
  return [...variables, ...sources];
}

function ofVolume({ configMap, secret, persistentVolumeClaim, projected }: V1Volume): Reference[] {
  const items = (some: { items?: { key: string }[] } | undefined) => (some?.items ?? []).map(({ key }) => key);
  return [
    ...ofWhole('ConfigMap', configMap, items(configMap)),
    ...ofWhole('Secret', secret && { ...secret, name: secret.secretName }, items(secret)),
    ...ofWhole('PersistentVolumeClaim', persistentVolumeClaim && { name: persistentVolumeClaim.claimName }),
    ...(projected?.sources ?? []).flatMap((source) => [
      ...ofWhole('ConfigMap', source.configMap, items(source.configMap)),
      ...ofWhole('Secret', source.secret, items(source.secret)),
    ]),
  ];
}

interface Named {
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

function ofKey(kind: Reference['kind'], named: (Named & { readonly key: string }) | undefined): Reference[] {
  return ofWhole(kind, named, named ? [named.key] : []);
}

function ofWhole(kind: Reference['kind'], named: Named | undefined, keys: readonly string[] = []): Reference[] {
  return named?.name && !named.optional ? [{ kind, name: named.name, keys }] : [];
}

/** Each object once, with all keys that are asked of it. */
function merged(references: readonly Reference[]): Reference[] {
  const byObject = Map.groupBy(references, ({ kind, name }) => `${kind}/${name}`);
  return [...byObject.values()].map((same) => ({ ...same[0]!, keys: [...new Set(same.flatMap(({ keys }) => keys))] }));
}
