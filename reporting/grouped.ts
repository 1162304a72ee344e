/** Groups what is counted, the largest group first; equal ones by name. */
export function grouped<T>(all: readonly T[], nameOf: (one: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = Map.groupBy(all, nameOf);
  return [...groups].sort(([name, some], [other, others]) => others.length - some.length || (name < other ? -1 : 1));
}
