const LABELS_MAX = 100;
const NAME_CHARACTERS_MAX = 200;
/** Longer than any name of a resource: one that was cut is therefore nobody's. */
const VALUE_CHARACTERS_MAX = 1_000;
/** What every object has already. */
const NO_NAMES: readonly string[] = ['', '__proto__', 'constructor', 'prototype'];

export type Labels = Readonly<Record<string, string>>;

/** What of an object can be labels: texts, numbers and truth values by their names, so many of them and so long at most. */
export function labelsFrom(given: unknown): Labels {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {};
  const labels: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of Object.entries(given)) {
    const text = textFrom(value);
    if (text === '' || NO_NAMES.includes(name) || name.length > NAME_CHARACTERS_MAX) continue;
    if (++count > LABELS_MAX) break;
    labels[name.toWellFormed()] = text;
  }
  return labels;
}

/** The text of a value as it may stand in a label; empty for what has none. */
export function textFrom(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, VALUE_CHARACTERS_MAX).toWellFormed();
  return (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean' ? String(value) : '';
}

/** Labels of the first of the objects, and of the others what no earlier one says. */
export function joined(...all: readonly Labels[]): Labels {
  const labels: Record<string, string> = {};
  for (const [name, value] of all.flatMap((one) => Object.entries(one))) {
    if (Object.keys(labels).length >= LABELS_MAX) break;
    if (!Object.hasOwn(labels, name)) labels[name] = value;
  }
  return labels;
}

/** The labels, and again under the names that a target is told by, where no label is called so already. @param names ours by the source's */
export function underOurNames(labels: Labels, names: Labels): Labels {
  const told = Object.entries(names).filter(([theirs]) => Object.hasOwn(labels, theirs));
  return joined(...told.map(([theirs, ours]) => (Object.hasOwn(labels, ours) ? {} : { [ours]: labels[theirs]! })), labels);
}
