/** What verification saw. `unknown` (the target could not be read) is never success. */
export type Verdict =
  | { readonly kind: 'recovered'; readonly seen: string }
  | { readonly kind: 'notRecovered'; readonly seen: string }
  /** It does no more harm; what is wrong is still wrong, and a person's matter. */
  | { readonly kind: 'contained'; readonly seen: string }
  /** Fewer pods are ready than before the act. */
  | { readonly kind: 'worse'; readonly seen: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A verdict as people read it. */
export function verdictText(verdict: Verdict): string {
  return verdict.kind === 'unknown' ? `unknown: ${verdict.reason}` : `${verdict.kind}: ${verdict.seen}`;
}
