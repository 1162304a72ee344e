import type { ModelRecord } from '../incident/model-record.ts';

/** What is needed of the records that Paramedic keeps of models it saw serving. */
export interface ModelRecords {
  /**
   * The record of a model, null where there is none yet.
   * @param registry name of its registry; null where it is in none
   * @throws when it cannot be read just now
   */
  read(registry: string | null, model: string): Promise<ModelRecord | null>;
}
