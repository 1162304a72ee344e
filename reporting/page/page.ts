/** So many links stand in the open; more are folded away, or told as ranges. */
export const REFS_OPEN_MAX = 8;

/** A place in the report that a figure is about. */
export interface Ref {
  /** Of the place in the page. */
  readonly anchor: string;
  /** As short as it can be said. */
  readonly text: string;
}

/** Words, a figure with the places it counts, a place that figures point to, or a link. All texts are as they came; whoever writes them down escapes them. */
export type Piece =
  | string
  /** @property anchor by which a plot points to it; absent: none does */
  | { readonly kind: 'figure'; readonly value: string; readonly refs: readonly Ref[]; readonly anchor?: string }
  | { readonly kind: 'place'; readonly anchor: string; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/** A part of a bar: so many, which a figure of the page with this anchor lists. */
interface BarPart {
  /** Index into the plot's names of parts. */
  readonly of: number;
  readonly value: number;
  readonly anchor: string;
}

export interface Bar {
  readonly label: string;
  readonly parts: readonly BarPart[];
}

/** Bars that show what a table beside them says in numbers. */
export interface Plot {
  readonly kind: 'plot';
  readonly caption: string;
  /** `columns` stand beside each other, such as days; `rows` lie below each other, such as names. */
  readonly bars: 'columns' | 'rows';
  /** What the parts of the bars are; a plot of one kind has no legend. */
  readonly parts: readonly { readonly name: string; readonly tone: Tone }[];
  readonly all: readonly Bar[];
}

/** What a colour means. */
export type Tone = 'well' | 'byItself' | 'contained' | 'watched' | 'person' | 'ended' | 'broken' | 'plain';

export type Block =
  | Plot
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
