/** A count as it is given on the command line; null where it is none. */
export function countOf(text: string, max: number): number | null {
  const count = Number(text);
  return /^\d+$/.test(text) && count >= 1 && count <= max ? count : null;
}
