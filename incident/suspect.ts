/**
 * Something that failing pods have in common with others, maybe: where many targets fail within minutes and share one, the
 * cause is there and not in each of them.
 */
export interface Suspect {
  readonly kind: 'node' | 'zone' | 'image' | 'modelVersion' | 'dependency' | 'registry';
  readonly name: string;
}
