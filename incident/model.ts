/** One version of a model as its registry tells it. */
export interface ModelVersion {
  /** The registry's own number or name of it, such as `7`. */
  readonly version: string;
  /** Where a model server loads it from; null when no address can be derived that one could load. */
  readonly storageUri: string | null;
  /** The registry has all of it: neither pending nor failed. */
  readonly complete: boolean;
  /** It passed its validation before it was first served. */
  readonly validated: boolean;
  /** It was seen failing in serving, and is not to be served again. */
  readonly quarantined: boolean;
}

/** A registered model with its versions, newest first, and what its aliases point at. */
export interface RegisteredModel {
  readonly name: string;
  readonly versions: readonly ModelVersion[];
  /** Alias to version. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Who froze its promotions, when and why, as it is written beside it; null where nobody did. */
  readonly promotionFreeze: string | null;
}

/** A version as it is, or is to be, served. */
export interface ServedVersion {
  /** Null when the registry knows no version with this address. */
  readonly version: string | null;
  readonly storageUri: string;
}

/** The newest version that is loaded from the address, null when the registry knows none. */
export function versionAt({ versions }: RegisteredModel, storageUri: string): ModelVersion | null {
  return versions.find((version) => version.storageUri === storageUri) ?? null;
}
