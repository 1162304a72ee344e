import type { V1Pod } from '@kubernetes/client-node';
import type { WorkloadRead } from '../kubernetes/read-workload.ts';
import { isReady } from '../kubernetes/workload-seen.ts';
import { SOURCE_URI } from './inference-service-type.ts';

/** The init container in which KServe fetches models; its arguments are an address and a folder, again and again. */
const FETCHER = 'storage-initializer';
/** The container whose image is the model, where an address begins with `oci://`. */
const CARRIER = 'modelcar';
/** Where KServe puts the model. */
const MODEL_FOLDER = '/mnt/models';
/** Stands for the part of an address that only the storage's Secret tells. */
const PLACEHOLDER = '<scheme-placeholder>://';

type PodLike = Pick<V1Pod, 'metadata' | 'spec'>;

/** Addresses of the models that the ready pods of workloads really load, each once. */
export function servedBy(workloads: readonly (WorkloadRead | null)[]): string[] {
  const pods = workloads.flatMap((workload) => workload?.pods ?? []).filter((pod) => !pod.metadata?.deletionTimestamp && isReady(pod));
  return [...new Set(pods.flatMap(loadedBy))];
}

/**
 * Addresses that a pod which KServe made loads its model from. Its controller notes one as an annotation; where it does not, for several
 * addresses or a language model, they are what is fetched, mounted or run.
 */
export function loadedBy({ metadata, spec }: PodLike): string[] {
  const noted = metadata?.annotations?.[SOURCE_URI];
  if (noted) return [noted.startsWith(PLACEHOLDER) ? noted.slice(PLACEHOLDER.length) : noted];
  const fetched = fetchedBy(spec);
  return fetched.length > 0 ? fetched : [...carriedBy(spec), ...mountedBy(spec)];
}

/** What is fetched to a folder below the model's own is an adapter, such as one of LoRA, and not the model. */
function fetchedBy(spec: PodLike['spec']): string[] {
  const pairs = spec?.initContainers?.find(({ name }) => name === FETCHER)?.args ?? [];
  const all = pairs.flatMap((address, index) => (index % 2 === 0 ? [{ address, folder: pairs[index + 1] }] : []));
  const model = all.filter(({ folder }) => folder === MODEL_FOLDER);
  return (model.length > 0 ? model : all).map(({ address }) => address);
}

function carriedBy(spec: PodLike['spec']): string[] {
  const image = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(({ name }) => name === CARRIER)?.image;
  const volumes = (spec?.volumes ?? []).flatMap(({ image: volume }) => volume?.reference ?? []);
  return [...(image ? [image] : []), ...volumes].map((reference) => `oci://${reference}`);
}

function mountedBy(spec: PodLike['spec']): string[] {
  const mounts = (spec?.containers ?? []).flatMap(({ volumeMounts }) => volumeMounts ?? []).filter((one) => one.mountPath === MODEL_FOLDER);
  const addresses = mounts.flatMap(({ name, subPath }) => {
    const claim = spec?.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName;
    return claim === undefined ? [] : [`pvc://${claim}${subPath ? `/${subPath}` : ''}`];
  });
  return [...new Set(addresses)];
}
