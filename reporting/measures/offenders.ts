import type { Bounds, Case } from './case.ts';
import { figureOf } from './counting.ts';
import { byTarget, failingMs } from './failing.ts';
import type { Report } from './report.ts';

const SHOWN_MAX = 10;

/** The targets about which most incidents were opened; of as many, those that failed longest. */
export function offendersOf(cases: readonly Case[], bounds: Bounds): Report['offenders'] {
  return [...byTarget(cases.filter(({ isOpenedWithin }) => isOpenedWithin))]
    .map(([name, own]) => ({
      name,
      ...figureOf(own),
      handedOver: own.filter(({ story }) => story.entries.some(({ step }) => step === 'Escalated')).length,
      failingMs: failingMs(own, bounds),
    }))
    .sort((one, other) => other.count - one.count || other.failingMs - one.failingMs || (one.name < other.name ? -1 : 1))
    .slice(0, SHOWN_MAX);
}
