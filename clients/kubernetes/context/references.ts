import {
  ApiException,
  type ConfigurationOptions,
  type CoreV1Api,
  type ObservableMiddleware,
  setHeaderOptions,
  type V1ObjectMeta,
} from '@kubernetes/client-node';
import { z } from 'zod';
import type { ReferenceSeen, ReleaseReference } from '../../../incident/reference.ts';
import { orNull } from '../api-failures.ts';

/** The API server answers it with the object's metadata alone: what a ConfigMap or Secret holds is never sent. */
const METADATA_ALONE = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** As far as it is used of what the API server notes about each writer. */
const Fields = z.object({
  'f:data': z.record(z.string(), z.unknown()).optional(),
  'f:binaryData': z.record(z.string(), z.unknown()).optional(),
});

type Options = ConfigurationOptions<ObservableMiddleware>;

/** What became of the references, by their metadata alone. One that may not be looked at is left out: nothing is known of it. */
export async function referencesSeen(
  core: CoreV1Api,
  namespace: string,
  references: readonly ReleaseReference[],
  options: Options,
): Promise<readonly ReferenceSeen[]> {
  return (await Promise.all(references.map((reference) => orForbidden(() => referenceSeen(core, namespace, reference, options))))).flat();
}

async function referenceSeen(core: CoreV1Api, namespace: string, reference: ReleaseReference, options: Options): Promise<ReferenceSeen> {
  const { kind, name } = reference;
  const where = { namespace, name };
  const metadataAlone = setHeaderOptions('Accept', METADATA_ALONE, options);
  switch (kind) {
    case 'ConfigMap':
      return withData(reference, (await orNull(() => core.readNamespacedConfigMap(where, metadataAlone)))?.metadata);
    case 'Secret':
      return withData(reference, (await orNull(() => core.readNamespacedSecret(where, metadataAlone)))?.metadata);
    case 'ServiceAccount':
      return plain(reference, (await orNull(() => core.readNamespacedServiceAccount(where, metadataAlone))) !== null, null);
    case 'PersistentVolumeClaim': {
      const claim = await orNull(() => core.readNamespacedPersistentVolumeClaim(where, options));
      return plain(reference, claim !== null, claim?.status?.phase ?? null);
    }
    default:
      return kind satisfies never;
  }
}

function plain(reference: ReleaseReference, exists: boolean, phase: string | null): ReferenceSeen {
  return { ...reference, exists, missingKeys: [], changedSecondsAgo: null, changedBy: null, phase };
}

/** Which keys there are, and when they were written, is told by what the API server notes about each writer. */
function withData(reference: ReleaseReference, metadata: V1ObjectMeta | undefined): ReferenceSeen {
  if (metadata === undefined) return plain(reference, false, null);
  const writes = (metadata.managedFields ?? []).flatMap(({ manager = '', time, fieldsV1 }) => {
    const { 'f:data': data, 'f:binaryData': binary } = Fields.safeParse(fieldsV1).data ?? {};
    if (!data && !binary) return [];
    const keys = Object.keys({ ...data, ...binary }).flatMap((field) => (field.startsWith('f:') ? [field.slice(2)] : []));
    return [{ manager, atMs: new Date(time ?? 0).getTime(), keys }];
  });
  const known = new Set(writes.flatMap(({ keys }) => keys));
  const last = writes.toSorted((one, other) => other.atMs - one.atMs)[0];
  // Nothing noted: perhaps it is empty, perhaps the notes were cleared.
  const missingKeys = writes.length === 0 ? [] : reference.keys.filter((key) => !known.has(key));
  return {
    ...plain(reference, true, null),
    missingKeys,
    changedSecondsAgo: last ? Math.round((Date.now() - last.atMs) / 1000) : null,
    changedBy: last?.manager ?? null,
  };
}

async function orForbidden<T>(call: () => Promise<T>): Promise<T[]> {
  try {
    return [await call()];
  } catch (error) {
    if (error instanceof ApiException && error.code === 403) return [];
    throw error;
  }
}
