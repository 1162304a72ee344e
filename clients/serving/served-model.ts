import { z } from 'zod';
import type { ServedModel } from '../../incident/evidence.ts';
import { GoldenRequest } from '../../incident/golden-request.ts';
import type { ModelRecord } from '../../incident/model-record.ts';
import type { Reading } from '../../incident/reading.ts';
import { askRegistry, recordPlace } from '../registries/choose-registry.ts';
import type { Systems } from '../systems.ts';

/** Annotations that name the registered model that a server serves, and the registry it is in; set by whoever deploys it. */
export const MODEL = 'paramedic.dev/model';
export const REGISTRY = 'paramedic.dev/registry';
/** Holds a golden request as JSON. */
const GOLDEN = 'paramedic.dev/golden-request';

/** A model server as far as it tells which model it serves. */
export interface Server {
  /** Such as `InferenceService ml/churn`. */
  readonly text: string;
  /** As `namespace/name`: the name of its model where nothing says another. */
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Tells of what a server serves what registry and record know of it. It never fails: what cannot be read is told as such. */
export type ServedModelReader = (
  server: Server,
  seen: Pick<ServedModel, 'addressing' | 'wanted' | 'settings' | 'serving' | 'whyUnaddressed' | 'before'>,
) => Promise<ServedModel>;

export function servedModelReader({ registries, records }: Pick<Systems, 'registries' | 'records'>): ServedModelReader {
  return async ({ text, name, annotations }, seen) => {
    const registered = annotations[MODEL] || null;
    const named = annotations[REGISTRY] || null;
    const registry =
      registered === null
        ? { kind: 'absent' as const, reason: `The ${text} has no annotation ${MODEL} that names its registered model.` }
        : await askRegistry(registries, named, registered);
    const model = registered ?? name;
    const place = registered === null ? null : recordPlace(registries, named);
    return { ...seen, model, place, registry, golden: goldenOf(text, annotations), record: await readRecord(records, place, model) };
  };
}

/** A request that cannot be understood is no reason to do without. */
function goldenOf(server: string, { [GOLDEN]: text }: Server['annotations']): ServedModel['golden'] {
  if (!text) return { kind: 'read', value: null };
  const what = `annotation ${GOLDEN} of the ${server}`;
  try {
    return { kind: 'read', value: GoldenRequest.parse(JSON.parse(text)) };
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s+/g, ' ') : 'it is no JSON';
    return { kind: 'unreadable', what, reason };
  }
}

async function readRecord(records: Systems['records'], registry: string | null, model: string): Promise<Reading<ModelRecord | null>> {
  try {
    return { kind: 'read', value: (await records?.read(registry, model)) ?? null };
  } catch (error) {
    return { kind: 'unreadable', what: `the record of model "${model}"`, reason: (error as Error).message };
  }
}
