/** One thing that the newest release has otherwise than the one before it. */
export interface Difference {
  readonly what:
    | 'image'
    | 'command'
    | 'environment'
    | 'resources'
    | 'ports'
    | 'probes'
    | 'volumes'
    | 'pull'
    | 'placement'
    | 'account'
    | 'labels'
    | 'containers'
    | 'other';
  /** In words, with what may be a secret as a hash. */
  readonly text: string;
}

const NAMED_MAX = 4;

/** Differences as the end of a sentence, the first few of them. */
export function differencesText(differences: readonly Difference[]): string {
  const named = differences.slice(0, NAMED_MAX).map(({ text }) => text);
  const more = differences.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
