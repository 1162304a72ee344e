import { Counter, Histogram, type Registry } from 'prom-client';
import { GUARDS } from '../guards/permit.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import { FAILURE_TYPES } from '../incident/failure-type.ts';
import { OUTCOMES } from '../incident/incident.ts';
import { WAYS } from '../incident/person.ts';
import { REMEDIES } from '../incident/remedy.ts';

/** From half a minute to half a day. */
const RECOVERY_BUCKETS_SECONDS = [30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200];

const MODES = ['observe', 'approve', 'auto'] as const satisfies readonly NonNullable<AuditEntry['mode']>[];

/** What became of a plan that had its permit. */
const ACT_RESULTS = ['recovered', 'contained', 'notRecovered', 'worse', 'unknown', 'notActed'] as const;

/** What a person's word, or silence, came to, by the step of the audit trail. */
const DECISIONS = {
  Approved: 'approved',
  Rejected: 'rejected',
  Decided: 'decided',
  HandedOn: 'handedOn',
  DecisionRefused: 'refused',
} as const;

/** Counts what this process writes into the audit trail, which tells of all that incidents do. */
export interface AuditFigures {
  written(entry: AuditEntry): void;
  /** An entry could not be written; it is tried again. */
  failed(): void;
}

/** Each is counted from 0 on where its labels are known beforehand: a counter that begins at its first event hides that from `increase`. */
export function auditFigures(registry: Registry, cluster: string): AuditFigures {
  const registers = [registry];
  const opened = new Counter<'cluster' | 'failure_type' | 'mode'>({
    name: 'paramedic_incidents_opened_total',
    help: 'Incidents that began, by failure type and by the mode of their runbook.',
    labelNames: ['cluster', 'failure_type', 'mode'],
    registers,
  });
  const closed = new Counter<'cluster' | 'failure_type' | 'outcome'>({
    name: 'paramedic_incidents_closed_total',
    help: 'Incidents that ended, by failure type and outcome.',
    labelNames: ['cluster', 'failure_type', 'outcome'],
    registers,
  });
  const acts = new Counter<'cluster' | 'remedy' | 'result'>({
    name: 'paramedic_acts_total',
    help: 'Plans carried out under a permit, by remedy and verdict; notActed where the change could not be made.',
    labelNames: ['cluster', 'remedy', 'result'],
    registers,
  });
  const undos = new Counter<'cluster' | 'remedy' | 'result'>({
    name: 'paramedic_undos_total',
    help: 'Changes that did not help, by whether they were taken back.',
    labelNames: ['cluster', 'remedy', 'result'],
    registers,
  });
  const refusals = new Counter<'cluster' | 'guard'>({
    name: 'paramedic_refusals_total',
    help: 'Refusals that made an incident wait or ask a person, by guard.',
    labelNames: ['cluster', 'guard'],
    registers,
  });
  const decisions = new Counter<'cluster' | 'decision' | 'way'>({
    name: 'paramedic_decisions_total',
    help: 'What people decided, by what it came to and the way it came in by; silence, which is no, came by none.',
    labelNames: ['cluster', 'decision', 'way'],
    registers,
  });
  const recovery = new Histogram<'cluster' | 'failure_type'>({
    name: 'paramedic_recovery_seconds',
    help: 'From the beginning of an incident to the verdict that a remedy cured its target.',
    labelNames: ['cluster', 'failure_type'],
    buckets: RECOVERY_BUCKETS_SECONDS,
    registers,
  });
  const failures = new Counter<'cluster'>({
    name: 'paramedic_audit_failures_total',
    help: 'Entries of the audit trail that could not be written, each time it was tried.',
    labelNames: ['cluster'],
    registers,
  });

  for (const failure_type of FAILURE_TYPES) {
    for (const mode of MODES) opened.inc({ cluster, failure_type, mode }, 0);
    for (const outcome of OUTCOMES) closed.inc({ cluster, failure_type, outcome }, 0);
    recovery.zero({ cluster, failure_type });
  }
  for (const remedy of REMEDIES) for (const result of ACT_RESULTS) acts.inc({ cluster, remedy, result }, 0);
  for (const guard of GUARDS) refusals.inc({ cluster, guard }, 0);
  for (const way of WAYS) for (const decision of Object.values(DECISIONS)) decisions.inc({ cluster, decision, way }, 0);
  decisions.inc({ cluster, decision: 'silence', way: 'none' }, 0);
  failures.inc({ cluster }, 0);

  function verified({ failureType: failure_type, remedy = 'unknown', result, openedAt, at }: AuditEntry): void {
    acts.inc({ cluster, remedy, result: result?.kind ?? 'unknown' });
    if (result?.kind === 'recovered' && openedAt !== undefined && failure_type !== undefined)
      recovery.observe({ cluster, failure_type }, (Date.parse(at) - Date.parse(openedAt)) / 1000);
  }

  return {
    failed: () => failures.inc({ cluster }),

    written(entry) {
      const { step, failureType: failure_type = 'commonCause', remedy = 'unknown', mode = 'none', guard = 'unknown', who } = entry;
      switch (step) {
        case 'Opened':
          return opened.inc({ cluster, failure_type, mode });
        case 'Closed':
          return closed.inc({ cluster, failure_type, outcome: entry.outcome ?? 'closed' });
        case 'Verified':
          return verified(entry);
        case 'NotActed':
          return acts.inc({ cluster, remedy, result: 'notActed' });
        case 'Undone':
        case 'NotUndone':
          return undos.inc({ cluster, remedy, result: step === 'Undone' ? 'undone' : 'left' });
        case 'Refused':
          return refusals.inc({ cluster, guard });
        case 'Approved':
        case 'Rejected':
        case 'Decided':
        case 'HandedOn':
        case 'DecisionRefused':
          return decisions.inc({ cluster, decision: who ? DECISIONS[step] : 'silence', way: who?.way ?? 'none' });
        default:
      }
    },
  };
}
