import type { ModelRecord } from '../incident/model-record.ts';
import type { KeptRecord } from '../incident/models/kept-record.ts';
import type { ModelFact } from '../incident/models/model-facts.ts';

/** What is needed of the records that Paramedic keeps of models it saw serving. */
export interface ModelRecords {
  /**
   * The record of a model, null where there is none yet.
   * @param registry name of its registry; null where it is in none
   * @throws when it cannot be read just now
   */
  read(registry: string | null, model: string): Promise<ModelRecord | null>;
}

/** One model of one cluster. */
export interface ModelRef {
  readonly cluster: string;
  /** Name of its registry; null where it is in none. */
  readonly registry: string | null;
  readonly model: string;
}

/** Where the records of all clusters are kept. */
export interface ModelRecordKeeper {
  /** The whole record; null where there is none. @throws when it cannot be read just now */
  kept(of: ModelRef): Promise<KeptRecord | null>;
  /** Begins the record where there is none. @throws when Temporal cannot be reached */
  tell(of: ModelRef, facts: readonly ModelFact[]): Promise<void>;
  /** Tells a record that is there. False where there is none. @throws when Temporal cannot be reached */
  tellIfKept(of: ModelRef, facts: readonly ModelFact[]): Promise<boolean>;
}
