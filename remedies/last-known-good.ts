import { type ModelVersion, type RegisteredModel, versionAt } from '../incident/model.ts';

/** The version to serve instead, with the reason it was chosen, or why there is none. */
export type LastKnownGood =
  | { readonly kind: 'found'; readonly version: ModelVersion & { readonly storageUri: string }; readonly why: string }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * The last known good version of a model that is failing in serving. Never merely "the one before": the registry's alias
 * decides, else the newest older version that passed its validation. A quarantined version is never chosen, and an alias
 * that points at one, or at nothing, makes the registry itself untrustworthy.
 */
export function lastKnownGood(model: RegisteredModel, failingUri: string, alias: string): LastKnownGood {
  const failing = versionAt(model, failingUri);
  const marked = model.aliases[alias];
  return marked === undefined ? newestValidated(model, failing, alias) : ofAlias(model, failing, alias, marked);
}

function ofAlias(model: RegisteredModel, failing: ModelVersion | null, alias: string, marked: string): LastKnownGood {
  const version = model.versions.find((one) => one.version === marked);
  if (!version) return none(model, `its alias ${alias} points at version ${marked}, which the registry does not list`);
  if (version === failing) return none(model, `the failing version ${marked} is itself marked ${alias}`);
  if (version.quarantined) return none(model, `its alias ${alias} points at version ${marked}, which is quarantined`);
  if (!isServable(version)) return none(model, `version ${marked}, marked ${alias}, has no address a model server could load`);
  return { kind: 'found', version, why: `Version ${marked} is marked ${alias}.` };
}

function newestValidated(model: RegisteredModel, failing: ModelVersion | null, alias: string): LastKnownGood {
  const below = failing === null ? -1 : model.versions.indexOf(failing);
  if (below < 0)
    return none(model, `no version is marked ${alias}, and the failing one is not registered, so that none is known to be older`);
  const version = model.versions.slice(below + 1).find((one) => one.validated && !one.quarantined && isServable(one));
  if (!version || !isServable(version))
    return none(model, `no version older than ${failing?.version} is marked ${alias} or passed its validation without being quarantined`);
  return {
    kind: 'found',
    version,
    why: `Version ${version.version} is the newest older one that passed its validation; none is marked ${alias}.`,
  };
}

function isServable(version: ModelVersion): version is ModelVersion & { readonly storageUri: string } {
  return version.complete && version.storageUri !== null;
}

function none(model: RegisteredModel, reason: string): LastKnownGood {
  return { kind: 'none', reason: `Cannot roll back model "${model.name}": ${reason}.` };
}
