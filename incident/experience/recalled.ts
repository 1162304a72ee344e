import type { Row } from './row.ts';

/** What earlier incidents say of a cause on a kind of target, or why that cannot be read. */
export type Recalled = { readonly kind: 'read'; readonly rows: readonly Row[] } | { readonly kind: 'unread'; readonly why: string };
