import { isGlob, literalsOf, matchesGlob } from '../../incident/glob.ts';
import type { TargetKind } from '../../incident/target.ts';
import { hasWord } from './alert-name.ts';
import type { Alternative, LabelCondition } from './alternatives.ts';
import { type LookedAt, REASON_LABELS } from './looked-at.ts';

/** Whether all holds that an alternative says; what does not first, as a part of a sentence. */
export type Held =
  | { readonly holds: true; readonly named: string | null }
  /** `isNear`: it names the alert. */
  | { readonly holds: false; readonly isNear: boolean; readonly lacks: () => string };

/** @param kind null as long as it is not known: it is not asked then */
export function hold(alternative: Alternative, looked: LookedAt, kind: TargetKind | null): Held {
  const { alerts, words, reasons, labels, metrics, kinds } = alternative;
  const named = alerts.length === 0 ? null : nameIn(alerts, looked.name);
  const isOther = named === undefined || !words.every((one) => hasWord(looked.read, one));
  if (isOther) return { holds: false, isNear: false, lacks: () => 'it names other alerts' };
  const isNear = named !== null || words.length > 0;
  const misses = (lacks: () => string): Held => ({ holds: false, isNear, lacks });
  if (reasons.size > 0 && !looked.reasons.some((reason) => reasons.has(reason)))
    return misses(() => `no label such as ${REASON_LABELS[0]} says ${listed([...reasons])}`);
  const label = labels.find((one) => !labelHolds(one, looked));
  if (label !== undefined) return misses(() => labelText(label));
  if (metrics.length > 0 && !metrics.some((metric) => looked.metrics.some((one) => matchesGlob(metric, one))))
    return misses(() => `its rule is not known to read ${listed(metrics)}`);
  if (kind !== null && !kinds.has(kind)) return misses(() => `it is not for a ${kind}`);
  return { holds: true, named };
}

/** The most particular name or pattern that the name matches; undefined for none. */
function nameIn(alerts: readonly string[], name: string): string | undefined {
  if (alerts.includes(name) && !isGlob(name)) return name;
  let best: string | undefined;
  for (const pattern of alerts)
    if (isGlob(pattern) && (best === undefined || literalsOf(pattern) > literalsOf(best)) && matchesGlob(pattern, name)) best = pattern;
  return best;
}

function labelHolds({ names, values }: LabelCondition, { label }: LookedAt): boolean {
  return names.some((name) => {
    const value = label(name);
    return values.some((one) => (one === '' ? value === undefined : value !== undefined && matchesGlob(one, value)));
  });
}

function labelText({ names, values }: LabelCondition): string {
  const label = names.length > 1 ? `none of the labels ${names.join(', ')}` : `the label ${names[0]}`;
  if (values.length === 1 && values[0] === '') return `${label} must not be there`;
  const isThere = values.includes('*');
  if (names.length > 1) return isThere ? `${label} is there` : `${label} is ${listed(values)}`;
  return isThere ? `${label} is not there` : `${label} is not ${listed(values)}`;
}

function listed(texts: readonly string[]): string {
  const some = texts.slice(0, 5).map((one) => (one === '' ? 'absent' : one));
  return `${some.join(' or ')}${texts.length > some.length ? ' …' : ''}`;
}
