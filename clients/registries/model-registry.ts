import type { RegisteredModel } from '../../incident/model.ts';

/** Raised when the registry refuses for good: wrong credentials, no permission, an unknown version. */
export class RegistryRefused extends Error {}

/** A cure that was seen to work, to be made true in the registry. */
export interface Confirmation {
  readonly model: string;
  /** The version seen serving. */
  readonly good: string;
  /** The version that failed; null when the registry does not know it. */
  readonly bad: string | null;
  readonly lastKnownGoodAlias: string;
  readonly servingAlias: string;
  /** The incident's workflow id, written beside the quarantine. */
  readonly incident: string;
}

/** Who froze a model's promotions, when and why: as it stands there, and as it is to stand. Null: they are not frozen. */
interface PromotionMark {
  readonly model: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What Paramedic needs of a model registry. */
export interface ModelRegistry {
  /**
   * The model with every version, newest first, and its aliases; null when it is not registered.
   * @throws when the registry cannot be read.
   */
  readModel(name: string): Promise<RegisteredModel | null>;
  /**
   * Quarantines the bad version and moves the aliases to the good one: the serving alias only if it is at the bad version, since
   * another version means that a person has moved it. Repeating it changes nothing more.
   * @returns what was changed, each as a sentence.
   * @throws RegistryRefused
   */
  confirm(confirmation: Confirmation): Promise<readonly string[]>;
  /**
   * Freezes a model's promotions, or thaws them, unless they are no longer as they were. Repeating it changes nothing more.
   * @throws RegistryRefused
   */
  markPromotions(mark: PromotionMark): Promise<'applied' | 'alreadyApplied' | 'changed'>;
}
