import type { ServedModel } from '../incident/evidence.ts';
import { addressOf, type ModelVersion, type RegisteredModel, type ServedVersion, versionAt } from '../incident/model.ts';
import type { ModelRecord, SeenServing } from '../incident/model-record.ts';
import type { Runbook } from '../runbooks/schema.ts';

/** The version to serve instead, with the reason it was chosen, or why there is none. */
export type LastKnownGood =
  | { readonly kind: 'found'; readonly version: ServedVersion; readonly why: string }
  | { readonly kind: 'none'; readonly reason: string };

/** The model, as far as its last known good version is asked for. */
type Asked = Pick<ServedModel, 'model' | 'addressing' | 'registry' | 'record'> & { readonly wanted: string };

/**
 * The last known good version of a model that is failing in serving. Never merely "the one before", but in this order: what a person
 * pinned; the registry's alias; the newest that Paramedic itself saw healthy in serving for the soak time; the newest older one that
 * passed its validation. A quarantined version is never chosen, and an alias that points at one, or at nothing, makes the registry
 * itself untrustworthy. What cannot be read refuses.
 */
export function lastKnownGood(served: Asked, { lastKnownGoodAlias: alias, soakSeconds }: Runbook['model']): LastKnownGood {
  const { registry, record } = served;
  if (registry.kind === 'unreadable') return none(served, `its registry cannot be read: ${registry.reason}`);
  if (record.kind === 'unreadable') return none(served, `${record.what} cannot be read: ${record.reason}`);
  const registered = registry.kind === 'read' ? registry.model : null;
  const known = record.value;
  if (known?.pin) return pinned(served, registered, known);
  const marked = registered?.aliases[alias];
  if (registered && marked !== undefined) return ofAlias(served, registered, known, alias, marked);
  const seen = known && seenHealthy(served, registered, known, soakSeconds);
  if (seen) return seen;
  if (registered) return newestValidated(served, registered, known, alias);
  return none(
    served,
    `${registry.kind === 'absent' ? `${registry.reason} And ` : ''}no other version was seen healthy in serving for ${soakSeconds} s`,
  );
}

function pinned(served: Asked, registered: RegisteredModel | null, record: ModelRecord): LastKnownGood {
  const { version: wanted, by } = record.pin!;
  const address = addressIn(served, registered, record, wanted);
  if (address === null) return none(served, `version ${wanted}, pinned by ${by}, has no address that its server could load`);
  if (address === served.wanted) return none(served, `the failing version ${wanted} is itself pinned by ${by}`);
  if (isQuarantined(record, registered, wanted, address)) return none(served, `version ${wanted}, pinned by ${by}, is quarantined`);
  return found({ version: wanted, address }, record, `Version ${wanted} is pinned by ${by}.`);
}

function ofAlias(served: Asked, registered: RegisteredModel, record: ModelRecord | null, alias: string, marked: string): LastKnownGood {
  const version = registered.versions.find((one) => one.version === marked);
  if (!version) return none(served, `its alias ${alias} points at version ${marked}, which the registry does not list`);
  const address = servable(served, version);
  if (version === versionAt(registered, served.wanted, served.addressing))
    return none(served, `the failing version ${marked} is itself marked ${alias}`);
  if (isQuarantined(record, registered, marked, address))
    return none(served, `its alias ${alias} points at version ${marked}, which is quarantined`);
  if (address === null) return none(served, `version ${marked}, marked ${alias}, has no address a model server could load`);
  return found({ version: marked, address }, record, `Version ${marked} is marked ${alias}.`);
}

/** Null where none was seen so. */
function seenHealthy(served: Asked, registered: RegisteredModel | null, record: ModelRecord, soakSeconds: number): LastKnownGood | null {
  const good = record.seen
    .filter(({ address, version, fromMs, untilMs }) => {
      if (address === served.wanted || untilMs - fromMs < soakSeconds * 1000) return false;
      if (registered && !registered.versions.some((one) => addressOf(one, served.addressing) === address)) return false;
      return !isQuarantined(record, registered, version, address);
    })
    .reduce<SeenServing | null>((newest, one) => (newest === null || one.untilMs > newest.untilMs ? one : newest), null);
  if (good === null) return null;
  const name = good.version === null ? good.address : `Version ${good.version}`;
  const seconds = Math.round((good.untilMs - good.fromMs) / 1000);
  return found(
    { version: good.version, address: good.address },
    record,
    `${name} was last seen healthy in serving, for ${seconds} s, by ${good.server}.`,
  );
}

function newestValidated(served: Asked, registered: RegisteredModel, record: ModelRecord | null, alias: string): LastKnownGood {
  const failing = versionAt(registered, served.wanted, served.addressing);
  const below = failing === null ? -1 : registered.versions.indexOf(failing);
  if (below < 0)
    return none(served, `no version is marked ${alias}, and the failing one is not registered, so that none is known to be older`);
  for (const version of registered.versions.slice(below + 1)) {
    const address = servable(served, version);
    if (!version.validated || address === null || isQuarantined(record, registered, version.version, address)) continue;
    const why = `Version ${version.version} is the newest older one that passed its validation; none is marked ${alias}.`;
    return found({ version: version.version, address }, record, why);
  }
  return none(served, `no version older than ${failing?.version} is marked ${alias} or passed its validation without being quarantined`);
}

/** Where a version is loaded from: as the registry tells, or else as it was seen. */
function addressIn(served: Asked, registered: RegisteredModel | null, record: ModelRecord, wanted: string): string | null {
  const known = registered?.versions.find(({ version }) => version === wanted);
  return (known && servable(served, known)) ?? record.seen.find(({ version, address }) => (version ?? address) === wanted)?.address ?? null;
}

function servable({ addressing }: Asked, version: ModelVersion): string | null {
  return version.complete ? addressOf(version, addressing) : null;
}

function isQuarantined(
  record: ModelRecord | null,
  registered: RegisteredModel | null,
  version: string | null,
  address: string | null,
): boolean {
  if (registered?.versions.some((one) => one.version === version && one.quarantined)) return true;
  return record?.quarantined.some((one) => one.address === address || (version !== null && one.version === version)) ?? false;
}

/** What was said beside an address when it was seen healthy goes back with it. */
function found({ version, address }: ServedVersion, record: ModelRecord | null, why: string): LastKnownGood {
  const settings = record?.seen.find((one) => one.address === address)?.settings ?? {};
  return { kind: 'found', version: { version, address, ...(Object.keys(settings).length > 0 ? { settings } : {}) }, why };
}

function none({ model }: Asked, reason: string): LastKnownGood {
  return { kind: 'none', reason: `Cannot roll back model "${model}": ${reason}.` };
}
