import type { ModelRecord } from '../model-record.ts';

/** Something that Paramedic itself wrote of a model into its registry, or is about to. */
export interface Written {
  readonly what: 'alias' | 'quarantine';
  readonly version: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** All that the workflow of a model keeps: its record, and what is needed to carry that on. */
export interface KeptRecord extends ModelRecord {
  /** When each server was last seen unhealthy, or serving what is not wanted; no span of its health reaches across that. */
  readonly unhealthy: readonly { readonly server: string; readonly atMs: number }[];
  /** The newest first. */
  readonly written: readonly Written[];
}

/** The record of a model of which nothing is known yet. */
export function emptyRecord(model: string, registry: string | null): KeptRecord {
  return { model, registry, seen: [], pin: null, quarantined: [], promotedMs: null, unhealthy: [], written: [] };
}

/** The record alone, without what only carries it on. */
export function recordOf({ unhealthy: _, written: __, ...record }: KeptRecord): ModelRecord {
  return record;
}

/** A longer name is none that a registry takes, and no record is kept under it. */
export const MODEL_CHARACTERS_MAX = 250;

/** The workflow that keeps the record of a model in a cluster. @param registry name of its registry; null where it is in none */
export function modelRecordWorkflowId(cluster: string, registry: string | null, model: string): string {
  return `${modelRecordPrefix(cluster)}${registry === null ? '-' : encodeURIComponent(registry)}/${encodeURIComponent(model)}`;
}

/** With what the workflow ids of all records of a cluster begin. */
export function modelRecordPrefix(cluster: string): string {
  return `model/${cluster}/`;
}

/** What `modelRecordWorkflowId` made an id of; null when it was none. */
export function modelOfWorkflowId(
  id: string,
): { readonly cluster: string; readonly registry: string | null; readonly model: string } | null {
  const [, cluster, registry, model] = /^model\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
  if (cluster === undefined || registry === undefined || model === undefined) return null;
  try {
    return { cluster, registry: registry === '-' ? null : decodeURIComponent(registry), model: decodeURIComponent(model) };
  } catch {
    return null;
  }
}

/** The workflow that looks at all model servers of a cluster again and again. */
export function modelWatchWorkflowId(cluster: string): string {
  return `model-watch/${cluster}`;
}
