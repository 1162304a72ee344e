/** Something beside a pod that it cannot start without, by name alone. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim';
  readonly name: string;
  /** Keys of it that must be there. */
  readonly keys: readonly string[];
}

/** A reference of the newest release. */
export interface ReleaseReference extends Reference {
  /** The release before it names it too, with the same keys. */
  readonly inPrevious: boolean;
}

/** What became of a reference, as the API server shows it: names and times, and never a value. */
export interface ReferenceSeen extends Reference {
  readonly inPrevious: boolean;
  readonly exists: boolean;
  /** Those of its keys that are not there; empty where that is not known. */
  readonly missingKeys: readonly string[];
  /** Since what it holds was last written; null where that is not known. */
  readonly changedSecondsAgo: number | null;
  /** Who wrote it then, as the API server calls them, such as `kubectl-edit`; null where that is not known. */
  readonly changedBy: string | null;
  /** Of a PersistentVolumeClaim: such as `Pending`; null of the others. */
  readonly phase: string | null;
}

/** The reference as people read it, such as `ConfigMap ranker`. */
export function referenceText({ kind, name }: Pick<Reference, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}
