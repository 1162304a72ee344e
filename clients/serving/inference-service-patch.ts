import type { ServedVersion, ServerSettings } from '../../incident/model.ts';
import { Refused, TargetChanged } from '../failures.ts';
import type { PatchOperation, RawObject } from '../kubernetes/guarded-patch.ts';
import { CANARY, CANARY_SHARE, type WantedModel, wantedModel } from './inference-service-parts.ts';
import { InferenceService, type PlacedModel, placedModel, placeIn, settingPointers } from './inference-service-spec.ts';

const PREDICTOR = '/spec/predictor';

/**
 * The operations that have an InferenceService load another version, with what must go back with it, and give it all requests.
 * @param text such as `InferenceService ml/churn`
 * @throws TargetChanged where it does not load the version that the change starts from
 * @throws Refused where that version cannot be written into it
 */
export function versionOperations(
  object: RawObject,
  { from, to }: { readonly from: ServedVersion; readonly to: ServedVersion },
  text: string,
): readonly PatchOperation[] {
  const service = InferenceService.parse(object);
  const wanted = wantedModel(service, text);
  if (typeof wanted === 'string') throw new Refused(`Cannot change the model version: ${wanted}`);
  if (wanted.address !== from.address) throw new TargetChanged(`${text} is to load ${wanted.address} now, and not ${from.address}.`);
  const canary = to.settings?.[CANARY];
  if (canary !== undefined)
    throw new Refused(`Cannot bring ${to.address} back to ${text}: it was served by canary ${canary}, which is gone; deploy it anew.`);
  const stands: PatchOperation = { op: 'test', path: `${wanted.root}${wanted.at}`, value: from.address };
  if (wanted.root !== PREDICTOR) return [stands, { op: 'remove', path: '/spec/canary' }, ...stableOperations(service, to, text)];
  return [stands, ...loadOperations(wanted, to, text), ...shareOperations(service, to)];
}

/** The predictor beside a canary may load the version already: then nothing but the canary is taken away. */
function stableOperations({ spec }: InferenceService, to: ServedVersion, text: string): readonly PatchOperation[] {
  const stable = placedModel(spec.predictor, text);
  if (typeof stable === 'string') throw new Refused(`Cannot change the model version: ${stable}`);
  return stable.address === to.address ? [] : loadOperations(stable, to, text);
}

function loadOperations(placed: PlacedModel | WantedModel, to: ServedVersion, text: string): readonly PatchOperation[] {
  if (to.settings !== undefined && placeIn(to.settings) !== placed.at)
    throw new Refused(
      `Cannot write ${to.address} into ${text}: it stood at ${placeIn(to.settings)} of the predictor, where the service now has none; set it by hand.`,
    );
  const address: PatchOperation = { op: 'replace', path: `${PREDICTOR}${placed.at}`, value: to.address };
  return [address, ...settingOperations(placed, to.settings)];
}

/** Where nothing is known of how the version was loaded, that is left as it is. */
function settingOperations({ loadedBy, settings: now }: PlacedModel, to: ServerSettings | undefined): readonly PatchOperation[] {
  if (to === undefined) return [];
  return settingPointers().flatMap(([name, pointer]): PatchOperation[] => {
    const path = `${PREDICTOR}${loadedBy}${pointer}`;
    if (now[name] === to[name]) return [];
    return to[name] === undefined ? [{ op: 'remove', path }] : [{ op: 'add', path, value: to[name] }];
  });
}

/** A version that is gone back to gets all requests, as one that had a part of them gets that part again. */
function shareOperations({ spec }: InferenceService, { settings }: ServedVersion): readonly PatchOperation[] {
  const path = `${PREDICTOR}/canaryTrafficPercent`;
  const share = settings?.[CANARY_SHARE];
  if (share !== undefined) return [{ op: 'add', path, value: Number(share) }];
  return typeof spec.predictor.canaryTrafficPercent === 'number' ? [{ op: 'remove', path }] : [];
}
