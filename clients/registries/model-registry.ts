import type { RegisteredModel } from '../../incident/model.ts';

/** What is written of a model in its registry. Writing it again changes nothing. */
export type ModelMark =
  | { readonly kind: 'alias'; readonly alias: string; readonly version: string }
  /** @property by the incident's workflow id, or who decided it, written beside it */
  | { readonly kind: 'quarantined'; readonly version: string; readonly by: string }
  | { readonly kind: 'released'; readonly version: string }
  /** Who froze the model's promotions, when and why; null: they are free. */
  | { readonly kind: 'promotionFreeze'; readonly to: string | null };

/** What Paramedic needs of a model registry. */
export interface ModelRegistry {
  /** Its one name in settings, annotations and records, such as `mlflow`. */
  readonly name: string;
  /** Why it cannot hold that promotions are frozen, as a sentence that says what to do instead; absent where it can. */
  readonly holdsNoFreeze?: string;
  /**
   * The model with every version, newest first, and its aliases; null when it is not registered.
   * @throws when the registry cannot be read.
   */
  readModel(name: string): Promise<RegisteredModel | null>;
  /**
   * Writes a mark. Where the mark is there already, nothing is written.
   * @throws Refused also where this registry has no place for such a mark
   */
  mark(model: string, mark: ModelMark): Promise<void>;
}

/** Every registry that is configured, by name. */
export type Registries = ReadonlyMap<string, ModelRegistry>;
