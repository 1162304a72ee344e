import type { Change } from '../incident/change.ts';

/** What a remedy would change, or why it cannot be used on what was seen. */
export type Planned =
  | { readonly kind: 'change'; readonly change: Change; readonly why: string }
  | { readonly kind: 'unusable'; readonly reason: string };

export function unusable(reason: string): Planned {
  return { kind: 'unusable', reason };
}
