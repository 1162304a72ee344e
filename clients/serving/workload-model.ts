import type { V1Pod, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { ServedModel } from '../../incident/evidence.ts';
import type { ServedVersion } from '../../incident/model.ts';
import { Refused, TargetChanged } from '../failures.ts';
import type { PatchOperation } from '../kubernetes/guarded-patch.ts';
import { isReady } from '../kubernetes/workload-seen.ts';
import { addressingOf } from './addressing.ts';
import { addressIn, addressOperations, MODEL_AT, type ModelPlace, placeOf } from './model-place.ts';
import { MODEL, type ServedModelReader, type Server } from './served-model.ts';

/** What is looked at of a workload whose pod template names the version of its model. */
export interface TemplateServer extends Server {
  readonly template: V1PodTemplateSpec | undefined;
  /** Of the release before the newest. */
  readonly templateBefore: V1PodTemplateSpec | undefined;
  /** Those that answer requests, as far as they are ready. */
  readonly pods: readonly V1Pod[];
}

/** The model that a workload says by its annotations that it serves; null where it says so of none. */
export async function modelOfTemplate(server: TemplateServer, servedModel: ServedModelReader): Promise<ServedModel | null> {
  const { annotations } = server;
  if (annotations[MODEL] === undefined && annotations[MODEL_AT] === undefined) return null;
  const { addressing, fault } = addressingOf(server);
  const place = placeIn(server);
  const nothing = { addressing, wanted: null, settings: {}, serving: [] };
  if (typeof place === 'string') return servedModel(server, { ...nothing, whyUnaddressed: place });
  const serving = servingOf(server, place);
  const wanted = addressIn(place, server.template);
  const before = addressIn(place, server.templateBefore);
  const why = fault ?? (wanted.kind === 'none' ? `The pod template of the ${server.text} ${wanted.why}.` : null);
  if (why !== null || wanted.kind === 'none') return servedModel(server, { ...nothing, serving, whyUnaddressed: why ?? '' });
  const seen = { addressing, wanted: wanted.address, settings: {}, serving };
  return servedModel(server, before.kind === 'found' ? { ...seen, before: before.address } : seen);
}

/**
 * The operations that have a workload's pod template name another version.
 * @param root JSON Pointer of the template in its object
 * @throws TargetChanged where it does not name the version that the change starts from
 * @throws Refused where its annotations tell of no place for it
 */
export function templateOperations(
  server: Pick<TemplateServer, 'text' | 'annotations' | 'template'>,
  { from, to }: { readonly from: ServedVersion; readonly to: ServedVersion },
  root: string,
): readonly PatchOperation[] {
  const place = placeIn(server);
  if (typeof place === 'string') throw new Refused(`Cannot change the model version: ${place}`);
  const found = addressIn(place, server.template);
  if (found.kind === 'none') throw new TargetChanged(`The pod template of ${server.text} ${found.why} any more.`);
  if (found.address !== from.address) throw new TargetChanged(`${server.text} is to serve ${found.address} now, and not ${from.address}.`);
  return addressOperations(found, to.address, root);
}

/** The version that its pod template names; null where it names none. */
export function templateAddress(server: Pick<TemplateServer, 'text' | 'annotations' | 'template'>): string | null {
  const place = placeIn(server);
  const found = typeof place === 'string' ? null : addressIn(place, server.template);
  return found?.kind === 'found' ? found.address : null;
}

/** @returns why it is not told, as a sentence */
function placeIn({ text, annotations }: Pick<Server, 'text' | 'annotations'>): ModelPlace | string {
  const written = annotations[MODEL_AT];
  if (written !== undefined) return placeOf(written, text);
  return `The ${text} has annotation ${MODEL} "${annotations[MODEL]}" and none ${MODEL_AT} that says where its pod template names the version, such as env/server/MODEL_URI.`;
}

/** What the pods say that are ready, never what was asked for. */
function servingOf({ pods }: TemplateServer, place: ModelPlace): string[] {
  const serving = pods.filter((pod) => !pod.metadata?.deletionTimestamp && isReady(pod));
  return [...new Set(serving.map((pod) => addressIn(place, pod)).flatMap((seen) => (seen.kind === 'found' ? seen.address : [])))];
}
