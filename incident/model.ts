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
  /** Name of the registry it is in, such as `mlflow`. */
  readonly registry: string;
  readonly name: string;
  readonly versions: readonly ModelVersion[];
  /** Alias to version. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Who froze its promotions, when and why, as it is written beside it; null where nobody did. */
  readonly promotionFreeze: string | null;
}

/** What a server says beside the address about how a version is loaded, such as `runtime` or `modelFormat`: name to value. */
export type ServerSettings = Readonly<Record<string, string>>;

/** A version as it is, or is to be, served. */
export interface ServedVersion {
  /** Null when the registry knows no version with this address. */
  readonly version: string | null;
  /** As the server writes it. */
  readonly address: string;
  /** What must go with it, such as the runtime that can load it; absent where nothing must. */
  readonly settings?: ServerSettings;
}

/**
 * How a server writes which version it serves, as a text with `{uri}` or `{version}` in it: `{uri}` where it writes the address that the
 * registry tells, `models:/churn/{version}` or `registry.example/churn:{version}` where it writes the version into an address of its own.
 */
export type Addressing = string;

/** The address of a version as a server writes it; null where the registry tells none that could be loaded. */
export function addressOf({ version, storageUri }: ModelVersion, addressing: Addressing): string | null {
  if (addressing.includes('{uri}') && storageUri === null) return null;
  return addressing.replaceAll('{uri}', storageUri ?? '').replaceAll('{version}', version);
}

/** The newest version that is served from the address, null when the registry knows none. */
export function versionAt({ versions }: RegisteredModel, address: string, addressing: Addressing = '{uri}'): ModelVersion | null {
  return versions.find((version) => addressOf(version, addressing) === address) ?? null;
}
