import type { Context } from '../incident/context.ts';
import type { Diagnosis, OtherCause } from '../incident/diagnosis.ts';
import type { Evidence } from '../incident/evidence.ts';
import { healthOf } from './health.ts';
import type { Rule } from './rule.ts';
import { modelServerRules } from './rules/model-server-rules.ts';
import { workloadRules } from './rules/workload-rules.ts';

const OTHERS_MAX = 5;

/**
 * Names the cause of a target's trouble, and what else could explain it. The first rule that speaks decides, whatever its confidence: their
 * order is deliberate. What no rule explains is `unknown`.
 */
export function diagnose(evidence: Evidence, context: Context): Diagnosis {
  const health = healthOf(evidence);
  const seen = health.kind === 'unknown' ? health.reason : health.seen;
  if (health.kind === 'recovered')
    return { cause: 'healthy', rule: 'healthy', confidence: 'certain', reasons: [`It is healthy: ${seen}.`], others: [] };
  const [first, ...rest] =
    evidence.kind === 'Deployment' ? found(workloadRules, evidence, context) : found(modelServerRules, evidence, context);
  if (!first) return { cause: 'unknown', rule: 'none', confidence: 'possible', reasons: [`No rule explains it: ${seen}.`], others: [] };
  const { reason, ...decided } = first;
  return { ...decided, reasons: [reason], others: rest.filter(({ cause }) => cause !== first.cause).slice(0, OTHERS_MAX) };
}

function found<E>(rules: Readonly<Record<string, Rule<E>>>, evidence: E, context: Context): OtherCause[] {
  return Object.entries(rules).flatMap(([rule, look]) => {
    const finding = look(evidence, context);
    return finding === null ? [] : [{ ...finding, rule }];
  });
}
