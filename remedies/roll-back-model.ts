import type { ModelServerEvidence } from '../incident/evidence.ts';
import { versionAt } from '../incident/model.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { lastKnownGood } from './last-known-good.ts';
import { type Planned, unusable } from './planned.ts';

/** Serves the last known good version instead of the one that fails. The registry is changed only once that is verified. */
export function rollBackModel({ storageUri, registry }: ModelServerEvidence, { lastKnownGoodAlias }: Runbook['model']): Planned {
  if (storageUri === null) return unusable('The InferenceService names no single storageUri that could be changed.');
  if (registry.kind !== 'read') return unusable(`The registry cannot be read: ${registry.reason}`);
  const { model } = registry;
  const good = lastKnownGood(model, storageUri, lastKnownGoodAlias);
  if (good.kind === 'none') return unusable(good.reason);
  const { version, storageUri: goodUri } = good.version;
  if (goodUri === storageUri) return unusable(`Version ${version} of ${model.name} is what fails already.`);
  const failing = versionAt(model, storageUri)?.version ?? null;
  if (model.promotionFreeze !== null && !(Number(version) < Number(failing)))
    return unusable(`Version ${version} of ${model.name} is no older one, and its promotions are frozen: ${model.promotionFreeze}`);
  return {
    kind: 'change',
    change: {
      kind: 'modelVersion',
      model: model.name,
      from: { version: failing, storageUri },
      to: { version, storageUri: goodUri },
    },
    why: good.why,
  };
}
