/** A place in the report that a figure is about. */
export interface Ref {
  /** Of the place in the page. */
  readonly anchor: string;
  /** As short as it can be said. */
  readonly text: string;
}

/** Words, a figure with the places it counts, or a link. All texts are as they came; whoever writes them down escapes them. */
export type Piece =
  | string
  | { readonly kind: 'figure'; readonly value: string; readonly refs: readonly Ref[] }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Piece[])[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly header: readonly string[];
      readonly rows: readonly (readonly (readonly Piece[])[])[];
    };

export interface Section {
  readonly anchor: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  /** One level below. */
  readonly sections?: readonly Section[];
}

/** A report, before it is written down in one form or another. */
export interface Page {
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly sections: readonly Section[];
}

export function paragraph(...pieces: readonly Piece[]): Block {
  return { kind: 'paragraph', pieces };
}
