import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Evidence } from '../incident/evidence.ts';
import { healthOf } from './health.ts';
import { modelServerRules } from './model-server-rules.ts';
import type { Finding, Rule } from './rule.ts';
import { workloadRules } from './workload-rules.ts';

/** Names the cause of a target's trouble. The first rule that speaks decides; their order is deliberate. */
export function diagnose(evidence: Evidence): Diagnosis {
  const health = healthOf(evidence);
  const seen = health.kind === 'unknown' ? health.reason : health.seen;
  if (health.kind === 'recovered') return { cause: 'healthy', rule: 'healthy', reasons: [`It is healthy: ${seen}.`] };
  const found = evidence.kind === 'Deployment' ? firstOf(workloadRules, evidence) : firstOf(modelServerRules, evidence);
  return found ?? { cause: 'unknown', rule: 'none', reasons: [`No rule explains it: ${seen}.`] };
}

function firstOf<E>(rules: Readonly<Record<string, Rule<E>>>, evidence: E): Diagnosis | null {
  for (const [name, rule] of Object.entries(rules)) {
    const finding: Finding | null = rule(evidence);
    if (finding) return { cause: finding.cause, rule: name, reasons: [finding.reason] };
  }
  return null;
}
