/** A guard's answer: granted, or refused with the reason and when asking again makes sense. */
export type Permit =
  | { readonly kind: 'granted' }
  | {
      readonly kind: 'refused';
      readonly guard: string;
      readonly reason: string;
      /** Epoch milliseconds; null when no waiting helps. */
      readonly retryAtMs: number | null;
    };
