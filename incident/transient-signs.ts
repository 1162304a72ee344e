/** What speaks of a failure that passes by itself, beside what is known to for everybody. */
export interface TransientSigns {
  readonly exitCodes: readonly number[];
  /** Texts, in any case of letters, that the program's last words hold. */
  readonly messages: readonly string[];
}

export const NO_FURTHER_SIGNS: TransientSigns = { exitCodes: [], messages: [] };
