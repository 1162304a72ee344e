import type { V1ObjectMeta } from '@kubernetes/client-node';

/** When an object's text was last written, and by which field manager. What controllers say in its status is not its text. */
export function lastWritten({ managedFields = [], creationTimestamp }: Pick<V1ObjectMeta, 'managedFields' | 'creationTimestamp'>): {
  readonly changedMs: number;
  readonly manager: string | null;
} {
  const createdMs = msOf(creationTimestamp);
  const writes = managedFields
    .filter(({ subresource }) => !subresource)
    .map(({ manager, time }) => ({ changedMs: Math.max(createdMs, msOf(time)), manager: manager ?? null }))
    .sort((a, b) => b.changedMs - a.changedMs);
  return writes[0] ?? { changedMs: createdMs, manager: null };
}

export function msOf(time: Date | string | undefined): number {
  return time === undefined ? 0 : new Date(time).getTime();
}
