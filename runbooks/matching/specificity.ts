import { FAILURE_TYPES, type FailureType } from '../../incident/failure-type.ts';
import { isGlob, literalsOf } from '../../incident/glob.ts';
import { TARGET_KINDS } from '../../incident/target.ts';
import type { Alternative } from './alternatives.ts';

/** How particular a match is; the first number that differs decides, the higher one wins. */
export type Specificity = readonly number[];

/** What each number of a specificity counts, as people are told who look for why one won. */
const COUNTED = [
  'names the alert exactly',
  'asks for a reason',
  'asks for more labels with one value',
  'asks for more labels with a pattern',
  'names more of the alert by its pattern',
  'asks for more words of the name',
  'asks for more labels to be there or not',
  'asks for what the rule reads',
  'is for the failure type that says more, where only words tell',
  'is for fewer kinds of target',
] as const;

/** Of words alone, what says more of the cause, or does less harm, comes first. */
const SAYS_MORE: readonly FailureType[] = [
  'accuracyDegradation',
  'dataQuality',
  'outOfMemory',
  'capacityShortage',
  'pipelineFailure',
  'podCrash',
  'modelServingFailure',
  'networkTimeout',
];

/**
 * How particular an alternative is.
 * @param named which of its names or patterns matched; null where it asks for none
 */
export function specificityOf(
  { reasons, labels, words, metrics, kinds }: Alternative,
  named: string | null,
  type: FailureType,
): Specificity {
  const ofLabels = labels.map(({ values }) =>
    values.map((value) => (value === '' || value === '*' ? 'there' : isGlob(value) ? 'pattern' : 'value')),
  );
  const count = (what: 'value' | 'pattern' | 'there') => ofLabels.filter((one) => weakest(one) === what).length;
  const isExact = named !== null && !isGlob(named);
  const letters = named === null || isExact ? 0 : literalsOf(named);
  return [
    isExact ? 1 : 0,
    reasons.size > 0 ? 1 : 0,
    count('value'),
    count('pattern'),
    letters,
    words.length,
    count('there'),
    metrics.length > 0 ? 1 : 0,
    isExact || letters > 0 ? 0 : FAILURE_TYPES.length - SAYS_MORE.indexOf(type),
    TARGET_KINDS.length - kinds.size,
  ];
}

/** Below 0 where the first is the more particular. */
export function compareSpecificity(one: Specificity, other: Specificity): number {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? 0 : other[at]! - one[at]!;
}

/** What the first has before the other, as a part of a sentence; null where neither has anything. */
export function whatDecides(one: Specificity, other: Specificity): string | null {
  const at = one.findIndex((number, index) => number !== other[index]);
  return at < 0 ? null : COUNTED[at]!;
}

function weakest(kinds: readonly ('value' | 'pattern' | 'there')[]): 'value' | 'pattern' | 'there' {
  return kinds.includes('there') ? 'there' : kinds.includes('pattern') ? 'pattern' : 'value';
}
