/** Something that was looked for. That it could not be read is a fact too, and one that refuses: unknown is never yes. */
export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  /** @property what as it stands in a sentence, such as `the nodes` */
  | { readonly kind: 'unreadable'; readonly what: string; readonly reason: string };
