/** A point in time in ISO 8601; undefined where the text says none. */
export function instantIn(text: string | undefined): string | undefined {
  return text === undefined || text.length > 40 ? undefined : instantAt(Date.parse(text));
}

/** @param ms since 1970 */
export function instantAt(ms: number): string | undefined {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
