import type { V1Container, V1EnvVar } from '@kubernetes/client-node';
import { canonical, fingerprint } from './fingerprint.ts';

/** One variable, or one source of many, and what it was and is; null where it is not there. */
interface VariableChanged {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Every variable of both containers: its value as a fingerprint, a reference by its name. */
export function environmentDifferences(from: V1Container, to: V1Container, place: string): VariableChanged[] {
  const before = environmentOf(from, place);
  const after = environmentOf(to, place);
  return [...new Set([...after.keys(), ...before.keys()])].map((name) => ({
    name,
    from: before.get(name) ?? null,
    to: after.get(name) ?? null,
  }));
}

function environmentOf({ env = [], envFrom = [] }: V1Container, place: string): Map<string, string> {
  const sources = envFrom.map(({ configMapRef, secretRef, prefix = '' }): [string, string] => [
    `environment from ${configMapRef ? `ConfigMap ${configMapRef.name}` : `Secret ${secretRef?.name}`}`,
    `there${prefix ? `, as ${prefix}*` : ''}`,
  ]);
  return new Map([...env.map((one): [string, string] => [`env ${one.name}`, valueText(one, place)]), ...sources]);
}

function valueText({ value = '', valueFrom }: V1EnvVar, place: string): string {
  if (!valueFrom) return `#${fingerprint(place, value)}`;
  const { configMapKeyRef, secretKeyRef } = valueFrom;
  if (configMapKeyRef) return `key ${configMapKeyRef.key} of ConfigMap ${configMapKeyRef.name}`;
  if (secretKeyRef) return `key ${secretKeyRef.key} of Secret ${secretKeyRef.name}`;
  return canonical(valueFrom);
}
