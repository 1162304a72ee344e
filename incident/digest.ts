/** A line of a digest, and the incidents that it is about. */
export interface DigestLine {
  readonly text: string;
  readonly incidents: readonly {
    readonly name: string;
    /** Its page in the Web UI; null where it is not known where that is. */
    readonly link: string | null;
  }[];
}

/** What a report says in so few words that people read it in a channel. */
export interface Digest {
  readonly title: string;
  readonly lines: readonly DigestLine[];
  /** Tells it from every other one: the same key is the same digest, however often it is posted. */
  readonly key: string;
  /** When its period ended, so that it cannot have been posted before. Epoch milliseconds. */
  readonly toMs: number;
}

/** What a digest is made of. */
export interface DigestWanted {
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Null: of all clusters. */
  readonly cluster: string | null;
}
