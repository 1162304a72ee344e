import type { Diagnosis, OtherCause } from '../../incident/diagnosis.ts';
import type { QualityEvidence } from '../../incident/quality.ts';
import { qualityRules } from './rules.ts';

const OTHERS_MAX = 5;

/** Names the cause of a complaint about data or predictions, and what else could explain it. What no rule explains is `unknown`. */
export function diagnoseQuality(evidence: QualityEvidence, rules = qualityRules): Diagnosis {
  const found = Object.entries(rules).flatMap(([rule, look]): OtherCause[] => {
    const finding = look(evidence);
    return finding === null ? [] : [{ ...finding, rule }];
  });
  const [first, ...rest] = found;
  if (!first) return { cause: 'unknown', rule: 'none', confidence: 'possible', reasons: [whyUnknown(evidence)], others: [] };
  const { reason, ...decided } = first;
  return { ...decided, reasons: [reason], others: rest.slice(0, OTHERS_MAX) };
}

function whyUnknown({ unread }: QualityEvidence): string {
  if (unread.length === 0) return 'No alert has said what is wrong.';
  return `No alert says what it measures (${unread.join(', ')}); give its rule a label quality_kind.`;
}
