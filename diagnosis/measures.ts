import type { Context } from '../incident/context.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { FailureType } from '../incident/failure-type.ts';
import type { Verdict } from '../incident/verdict.ts';
import { healthOf } from './health.ts';
import { loadNotBorne } from './load-borne.ts';

/** What a failure type asks of a target beyond ready pods: a verdict on what stands around one whose pods are all well. */
type Measure = (context: Context) => Verdict;

const bearsItsLoad: Measure = ({ scaling }) => {
  if (scaling.kind === 'unreadable')
    return { kind: 'unknown', reason: `Cannot tell whether it bears its load: ${scaling.what} cannot be read: ${scaling.reason}` };
  const ill = scaling.value && loadNotBorne(scaling.value);
  return ill
    ? { kind: 'notRecovered', seen: `its pods are ready, but ${ill.reason}` }
    : { kind: 'recovered', seen: 'nothing keeps it from scaling' };
};

/** Of the types that are not named, ready pods are all that is asked. */
const BEYOND_PODS: Partial<Record<FailureType, Measure>> = { capacityShortage: bearsItsLoad };

/** A target of such a failure can be ill though all its pods are ready, so that what stands around it is always looked at. */
export function looksBeyondPods(type: FailureType): boolean {
  return BEYOND_PODS[type] !== undefined;
}

/** Health as a failure type measures it: first the target's pods, and once they are well whatever else the type is about. */
export function measuredHealth(type: FailureType, evidence: Evidence, context: Context): Verdict {
  const pods = healthOf(evidence);
  const measure = BEYOND_PODS[type];
  if (pods.kind !== 'recovered' || !measure) return pods;
  const beyond = measure(context);
  return beyond.kind === 'recovered' ? { kind: 'recovered', seen: `${pods.seen}; ${beyond.seen}` } : beyond;
}
