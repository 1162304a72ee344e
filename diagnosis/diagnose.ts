import type { Context } from '../incident/context.ts';
import type { Diagnosis, OtherCause } from '../incident/diagnosis.ts';
import { type Evidence, isRun } from '../incident/evidence.ts';
import type { Measure } from '../incident/measure.ts';
import { NO_FURTHER_SIGNS } from '../incident/transient-signs.ts';
import type { View } from '../incident/view.ts';
import { gpuRemarks } from './gpu-faults.ts';
import { healthBy } from './health-by.ts';
import type { Rule } from './rule.ts';
import { modelServerRules, rolloutRules } from './rules/model-server-rules.ts';
import { networkRules } from './rules/network-rules.ts';
import { runRules } from './rules/run-rules.ts';
import { workloadRules } from './rules/workload-rules.ts';

const OTHERS_MAX = 5;
const UNEXPLAINED = { cause: 'unknown', rule: 'none', confidence: 'possible' } as const;

/**
 * Names the cause of a target's trouble, and what else could explain it. The first rule that speaks decides, whatever its confidence: their
 * order is deliberate. What no rule explains is `unknown`.
 * @param view where the paths are the measure, a target with nothing wrong is `transient` and not `healthy`: it was not seen from outside
 */
export function diagnose(evidence: Evidence, context: Context, view: View = {}): Diagnosis {
  const { measure = 'pods' } = view;
  const health = healthBy(measure, evidence, context);
  // Its pods are well, so that no rule about them has anything to say; those about paths tell themselves what they did not see.
  if (health.kind === 'unknown' && measure !== 'paths')
    return { ...UNEXPLAINED, reasons: [`Cannot tell whether it is well: ${health.reason}.`], others: [] };
  const seen = health.kind === 'unknown' ? health.reason : health.seen;
  if (health.kind === 'recovered' && measure !== 'paths')
    return { cause: 'healthy', rule: 'healthy', confidence: 'certain', reasons: [`It is healthy: ${seen}.`], others: [] };
  const [first, ...rest] = findings(evidence, context, view);
  const { reason, ...decided } = first ?? { ...UNEXPLAINED, reason: `No rule explains it: ${seen}.` };
  return {
    ...decided,
    reasons: [reason, ...gpuRemarks(decided.cause, context)],
    others: rest.filter(({ cause }) => cause !== decided.cause).slice(0, OTHERS_MAX),
  };
}

function findings(evidence: Evidence, context: Context, { measure = 'pods', transient }: View): OtherCause[] {
  switch (evidence.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return found(rulesFor(measure, workloadRules), evidence, context);
    default:
      if (evidence.kind === 'Rollout') return found(rulesFor(measure, rolloutRules), evidence, context);
      return isRun(evidence)
        ? found(runRules(transient ?? NO_FURTHER_SIGNS), evidence, context)
        : found(rulesFor(measure, modelServerRules), evidence, context);
  }
}

function rulesFor<E extends Evidence>(measure: Measure, ofPods: Readonly<Record<string, Rule<E>>>): Readonly<Record<string, Rule<E>>> {
  return measure === 'paths' ? networkRules(ofPods) : ofPods;
}

function found<E>(rules: Readonly<Record<string, Rule<E>>>, evidence: E, context: Context): OtherCause[] {
  return Object.entries(rules).flatMap(([rule, look]) => {
    const finding = look(evidence, context);
    return finding === null ? [] : [{ ...finding, rule }];
  });
}
