/** What verification saw. `unknown` (the target could not be read) is never success. */
export type Verdict =
  | { readonly kind: 'recovered'; readonly seen: string }
  | { readonly kind: 'notRecovered'; readonly seen: string }
  | { readonly kind: 'unknown'; readonly reason: string };
