/** A name as it stands in the pattern of a query: Kubernetes allows none that would have to be escaped but for dots. */
export function literally(name: string): string {
  return name.replaceAll('.', '\\\\.');
}

/** The pattern that is any of these names, and nothing else. */
export function anyOf(names: readonly string[]): string {
  return names.map(literally).join('|');
}
