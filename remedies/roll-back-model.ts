import type { ServedModel } from '../incident/evidence.ts';
import { versionAt } from '../incident/model.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { lastKnownGood } from './last-known-good.ts';
import { type Planned, unusable } from './planned.ts';

/** Serves the last known good version instead of the one that fails. The registry is changed only once that is verified. */
export function rollBackModel(served: ServedModel, limits: Runbook['model']): Planned {
  const { wanted, model, registry, addressing } = served;
  if (wanted === null) return unusable(served.whyUnaddressed ?? 'It names no single address of a model that could be changed.');
  const good = lastKnownGood({ ...served, wanted }, limits);
  if (good.kind === 'none') return unusable(good.reason);
  const { version, address } = good.version;
  if (address === wanted) return unusable(`Version ${version ?? address} of ${model} is what fails already.`);
  const registered = registry.kind === 'read' ? registry.model : null;
  const failing = registered && versionAt(registered, wanted, addressing);
  const place = (one: string | null) => registered?.versions.findIndex((known) => known.version === one) ?? -1;
  const isOlder = failing !== null && place(version) > place(failing.version);
  if (registered?.promotionFreeze && !isOlder)
    return unusable(`Version ${version} of ${model} is no older one, and its promotions are frozen: ${registered.promotionFreeze}`);
  const settings = Object.keys(served.settings).length > 0 ? { settings: served.settings } : {};
  return {
    kind: 'change',
    change: {
      kind: 'modelVersion',
      model,
      registry: registered?.registry ?? null,
      ...(served.place === (registered?.registry ?? null) ? {} : { place: served.place }),
      from: { version: failing?.version ?? null, address: wanted, ...settings },
      to: good.version,
    },
    why: good.why,
  };
}
