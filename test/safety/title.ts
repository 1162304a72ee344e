/** How a test's title says which properties it proves: `… (safety 12, 24)`, at its very end. */
const SUFFIX = / \(safety (\d+(?:, \d+)*)\)$/;

/** Numbers of the properties a title says its test proves; none where it says nothing. */
export function provenBy(title: string): number[] {
  return SUFFIX.exec(title)?.[1]?.split(', ').map(Number) ?? [];
}

/** The title without what it proves. */
export function bare(title: string): string {
  return title.replace(SUFFIX, '');
}

/** True when a title means to say what its test proves, and says it so that nothing finds it. */
export function isMisspelt(title: string): boolean {
  return /\(\s*safety\b/i.test(bare(title));
}

/** The pattern for jest's `--testNamePattern` that finds every test of these properties, and no other. */
export function patternFor(properties: readonly number[]): string {
  return ` \\(safety (\\d+, )*(${properties.join('|')})(, \\d+)*\\)$`;
}
