import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Difference } from '../../../incident/difference.ts';
import { redact } from '../../../incident/redact.ts';
import { environmentDifferences } from './environment.ts';
import { canonical, fingerprint } from './fingerprint.ts';
import { probeText, tolerationText } from './words.ts';

const TEXT_CHARACTERS_MAX = 200;
const TOLD_MAX = 20;
const TEMPLATE_HASH = 'pod-template-hash';
/** Written by `kubectl rollout restart`: the release is the same, started anew. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;
/** Fields of a container that are told of by name. */
const TOLD = ['name', 'image', 'command', 'args', 'env', 'envFrom', 'resources', 'ports', 'volumeMounts', ...PROBES] as const;

/** What of a container or pod became what, in words; null where there is nothing. */
interface Changed {
  readonly what: Difference['what'];
  readonly of: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * What the later template has otherwise than the earlier one. What may hold a secret is told by a fingerprint of it.
 * @param place of the fingerprints: the same value of another workload has another one
 */
export function differencesOf(from: V1PodTemplateSpec, to: V1PodTemplateSpec, place: string): readonly Difference[] {
  const found = [
    ...containersChanged('container', from.spec?.containers ?? [], to.spec?.containers ?? [], place),
    ...containersChanged('init container', from.spec?.initContainers ?? [], to.spec?.initContainers ?? [], place),
    ...podChanged(from.spec, to.spec, place),
    ...recordChanged('labels', 'label', without(from.metadata?.labels, TEMPLATE_HASH), without(to.metadata?.labels, TEMPLATE_HASH)),
    ...annotationsChanged(from, to, place),
  ];
  return found
    .filter((one) => one.from !== one.to)
    .slice(0, TOLD_MAX)
    .map(({ what, of, from: before, to: after }) => ({
      what,
      text: redact(`${of}: ${before ?? 'none'} → ${after ?? 'none'}`, TEXT_CHARACTERS_MAX),
    }));
}

function containersChanged(kind: string, from: readonly V1Container[], to: readonly V1Container[], place: string): Changed[] {
  const names = [...new Set([...to, ...from].map(({ name }) => name))];
  return names.flatMap((name): Changed[] => {
    const before = from.find((one) => one.name === name);
    const after = to.find((one) => one.name === name);
    if (before && after) return containerChanged(before, after, place);
    return [
      { what: 'containers', of: `${kind} ${name}`, from: before ? (before.image ?? '') : null, to: after ? (after.image ?? '') : null },
    ];
  });
}

function containerChanged(from: V1Container, to: V1Container, place: string): Changed[] {
  const of = (field: string) => `${field} of ${to.name}`;
  const hashed = (value: unknown) => (value === undefined ? null : `#${fingerprint(place, value)}`);
  const both = (what: Difference['what'], field: string, text: (container: V1Container) => string | null): Changed => ({
    what,
    of: of(field),
    from: text(from),
    to: text(to),
  });
  return [
    both('image', 'image', ({ image }) => image ?? null),
    both('command', 'command', ({ command }) => hashed(command)),
    both('command', 'arguments', ({ args }) => hashed(args)),
    ...environmentDifferences(from, to, place).map(({ name, ...change }) => ({ what: 'environment' as const, of: of(name), ...change })),
    ...recordChanged('resources', `request of ${to.name} for`, from.resources?.requests, to.resources?.requests),
    ...recordChanged('resources', `limit of ${to.name} for`, from.resources?.limits, to.resources?.limits),
    both('ports', 'ports', ({ ports }) =>
      listed((ports ?? []).map((one) => `${one.hostPort ? `${one.hostPort}:` : ''}${one.containerPort}`)),
    ),
    ...PROBES.map((probe) => both('probes', probe, (container) => probeText(container[probe], hashed))),
    both('volumes', 'volume mounts', ({ volumeMounts }) => listed((volumeMounts ?? []).map((one) => `${one.name} at ${one.mountPath}`))),
    both('other', 'further settings', (container) => hashed(without(container as object as Record<string, unknown>, ...TOLD))),
  ];
}

const POD_TOLD = [
  'containers',
  'initContainers',
  'volumes',
  'nodeSelector',
  'tolerations',
  'affinity',
  'serviceAccountName',
  'serviceAccount',
];
/** Further fields of a pod that decide where it may run. */
const PLACING = ['topologySpreadConstraints', 'schedulerName', 'priorityClassName', 'runtimeClassName', 'hostNetwork', 'nodeName'] as const;

function podChanged(from: V1PodSpec | undefined, to: V1PodSpec | undefined, place: string): Changed[] {
  const hashed = (value: unknown) => (value === undefined ? null : `#${fingerprint(place, value)}`);
  const both = (what: Difference['what'], of: string, text: (spec: V1PodSpec) => string | null): Changed => ({
    what,
    of,
    from: from ? text(from) : null,
    to: to ? text(to) : null,
  });
  return [
    ...volumesChanged(from, to, hashed),
    ...recordChanged('placement', 'node selector', from?.nodeSelector, to?.nodeSelector),
    both('placement', 'tolerations', ({ tolerations }) => listed((tolerations ?? []).map(tolerationText))),
    both('placement', 'affinity', ({ affinity }) => hashed(affinity)),
    ...PLACING.map((field) => both('placement', field, (spec) => (spec[field] === undefined ? null : canonical(spec[field])))),
    both('account', 'service account', ({ serviceAccountName }) => serviceAccountName ?? 'default'),
    both('pull', 'pulls with', ({ imagePullSecrets }) => listed((imagePullSecrets ?? []).map(({ name }) => name ?? ''))),
    both('other', 'further settings of the pod', (spec) =>
      hashed(without(spec as object as Record<string, unknown>, ...POD_TOLD, ...PLACING, 'imagePullSecrets')),
    ),
  ];
}

function volumesChanged(from: V1PodSpec | undefined, to: V1PodSpec | undefined, hashed: (value: unknown) => string | null): Changed[] {
  const before = new Map((from?.volumes ?? []).map((one) => [one.name, one]));
  const after = new Map((to?.volumes ?? []).map((one) => [one.name, one]));
  return [...new Set([...after.keys(), ...before.keys()])].map((name) => ({
    what: 'volumes',
    of: `volume ${name}`,
    from: volumeText(before.get(name), hashed),
    to: volumeText(after.get(name), hashed),
  }));
}

function volumeText(
  volume: NonNullable<V1PodSpec['volumes']>[number] | undefined,
  hashed: (value: unknown) => string | null,
): string | null {
  if (!volume) return null;
  const { configMap, secret, persistentVolumeClaim } = volume;
  const named = configMap?.name ?? secret?.secretName ?? persistentVolumeClaim?.claimName;
  const kind = configMap ? 'ConfigMap' : secret ? 'Secret' : persistentVolumeClaim ? 'PersistentVolumeClaim' : 'a volume';
  return `${kind}${named ? ` ${named}` : ''} ${hashed(volume)}`;
}

function annotationsChanged(from: V1PodTemplateSpec, to: V1PodTemplateSpec, place: string): Changed[] {
  const hash = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, `#${fingerprint(place, value)}`]));
  return recordChanged(
    'other',
    'annotation',
    hash(without(from.metadata?.annotations, RESTARTED_AT)),
    hash(without(to.metadata?.annotations, RESTARTED_AT)),
  );
}

function recordChanged(
  what: Difference['what'],
  of: string,
  from: Readonly<Record<string, string>> = {},
  to: Readonly<Record<string, string>> = {},
): Changed[] {
  return [...new Set([...Object.keys(to), ...Object.keys(from)])].map((name) => ({
    what,
    of: `${of} ${name}`,
    from: from[name] ?? null,
    to: to[name] ?? null,
  }));
}

function listed(texts: readonly string[]): string | null {
  return texts.length === 0 ? null : texts.join(', ');
}

function without<T>(record: Readonly<Record<string, T>> | undefined, ...names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name, value]) => !names.includes(name) && value !== undefined));
}
