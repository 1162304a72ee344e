/** The ways in which a trail can be broken. */
type FaultKind = 'changed' | 'missing' | 'reordered' | 'inserted' | 'torn';

/** Where a line stands. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One place where a trail is broken. */
export interface Fault extends Place {
  readonly kind: FaultKind;
  /** What is wrong, as a sentence. */
  readonly text: string;
}

/** What is broken in a trail: at most one thing a line, the first that is found of it. */
export interface Faults {
  add(place: Place, kind: FaultKind, text: string): void;
  /** Something else was wrong than was thought. */
  rename(place: Place, kind: FaultKind, text: string): void;
  at(place: Place): Fault | null;
  /** In the order of the lines. */
  all(): readonly Fault[];
}

export function openFaults(): Faults {
  const found = new Map<string, Fault>();
  const keyOf = ({ file, line }: Place) => `${file}:${line}`;

  function rename(place: Place, kind: FaultKind, text: string): void {
    found.set(keyOf(place), { file: place.file, line: place.line, kind, text });
  }

  return {
    rename,
    add(place, kind, text) {
      if (!found.has(keyOf(place))) rename(place, kind, text);
    },
    at: (place) => found.get(keyOf(place)) ?? null,
    all: () => [...found.values()].sort((one, other) => (one.file === other.file ? one.line - other.line : 0)),
  };
}
