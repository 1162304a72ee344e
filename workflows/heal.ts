import { ActivityFailure, ApplicationFailure, condition, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { attemptCap } from '../guards/attempt-cap.ts';
import { backoff } from '../guards/backoff.ts';
import type { CauseKind, Diagnosis } from '../incident/diagnosis.ts';
import type { Outcome, OutcomeKind } from '../incident/incident.ts';
import type { Action, RemedyName } from '../incident/remedy.ts';
import type { Verdict } from '../incident/verdict.ts';
import { applyRemedy, awaitRecovery, escalate, examine } from './calls.ts';
import { openChart } from './chart.ts';
import { alertFired, alertResolved, type IncidentInput } from './messages.ts';

/** How a failure type is healed: which remedies could cure which cause, mildest first. No entry, no remedy. */
export interface Treatment {
  readonly cures: Partial<Record<CauseKind, readonly RemedyName[]>>;
}

/** The one arc: settle, diagnose, remediate, verify, escalate. */
export async function heal(input: IncidentInput, { cures }: Treatment): Promise<Outcome> {
  const { target, runbook } = input;
  const chart = openChart(input);
  const actions: Action[] = [];
  let alertIsOver = false;
  let diagnosis: Diagnosis | null = null;
  let attempts = 0;
  let lastAttemptEndedMs: number | null = null;
  const firing = new Set<string>();
  const joined = new Set<string>();
  setHandler(alertFired, ({ fingerprint }) => {
    firing.add(fingerprint);
    alertIsOver = false;
    if (joined.has(fingerprint)) return;
    chart.joinedBy([...joined.add(fingerprint)]);
  });
  setHandler(alertResolved, ({ fingerprint }) => {
    firing.delete(fingerprint);
    alertIsOver = firing.size === 0;
  });

  chart.enter('settling');
  chart.tell(`An alert fired; ${runbook.settleSeconds} s to heal by itself.`);
  await condition(() => alertIsOver, `${runbook.settleSeconds}s`);

  for (;;) {
    chart.enter('diagnosing');
    const examination = await orNull(() => examine(target));
    if (!examination) return handOver('The target no longer exists.');
    diagnosis = examination.diagnosis;
    chart.label('cause', diagnosis.cause);
    chart.tell(`Cause: ${diagnosis.cause}. ${diagnosis.reasons.join(' ')}`);
    if (diagnosis.cause === 'healthy') return close(actions.length > 0 ? 'recovered' : 'selfResolved', 'The target is healthy.');

    const remedy = nextRemedy(diagnosis.cause);
    if (!remedy) return handOver(`No remedy of this runbook is left for ${diagnosis.cause}.`);
    if (runbook.mode === 'observe') return handOver(`Observe mode: ${remedy} would have been applied; nothing was changed.`, 'observed');
    const permit = attemptCap(attempts, runbook.attempts.max);
    if (permit.kind === 'refused') {
      await chart.record('Refused', `${permit.guard}: ${permit.reason}`);
      return handOver(permit.reason);
    }
    if (await hadToWait()) continue;

    chart.enter('remediating');
    const key = `${workflowInfo().workflowId}/${workflowInfo().runId}/${++attempts}`;
    await chart.record('Acting', `${remedy}, because of ${diagnosis.cause}: ${diagnosis.reasons.join(' ')}`, key);
    const action = await orNull(() => applyRemedy({ target, remedy, key, evidence: examination.evidence, memory: runbook.memory }));
    lastAttemptEndedMs = Date.now();
    if (!action) {
      await chart.record('Refused', `${remedy} was not applied: the target changed or left no room for it.`, key);
      chart.tell(`Attempt ${attempts}: ${remedy} was not applied; looking again.`);
      continue;
    }
    actions.push(action);
    await chart.record('Acted', `${action.before} → ${action.after}`, key);
    chart.tell(`Attempt ${attempts}: ${remedy}: ${action.before} → ${action.after}.`);

    chart.enter('verifying');
    const verdict = await awaitRecovery(runbook.verify)(target, runbook.verify);
    lastAttemptEndedMs = Date.now();
    await chart.record('Verified', verdictText(verdict), key);
    chart.tell(`Verdict: ${verdictText(verdict)}.`);
    if (verdict.kind === 'unknown') return handOver(`Whether ${remedy} helped cannot be told: ${verdict.reason}`);
    if (verdict.kind === 'recovered') return awaitSilence();
  }

  /** A rung is climbed once; only raising memory may be repeated, up to its ceiling. */
  function nextRemedy(cause: CauseKind): RemedyName | null {
    const tried = actions.flatMap(({ remedy }) => (remedy === 'raiseMemory' ? [] : [remedy]));
    return runbook.remedies.find((name) => cures[cause]?.includes(name) && !tried.some((one) => one === name)) ?? null;
  }

  /** True when the backoff made it wait, so that the world must be looked at again. */
  async function hadToWait(): Promise<boolean> {
    const { backoffFirstSeconds, backoffFactor, backoffMaxSeconds } = runbook.attempts;
    const limits = { firstSeconds: backoffFirstSeconds, factor: backoffFactor, maxSeconds: backoffMaxSeconds };
    const permit = backoff(attempts, lastAttemptEndedMs, limits, Date.now());
    if (permit.kind === 'granted') return false;
    chart.tell(permit.reason);
    await sleep(Math.max(1, (permit.retryAtMs ?? 0) - Date.now()), { summary: permit.reason });
    return true;
  }

  /** Stays open until the alert is over, so that its look-back starts no second incident. */
  async function awaitSilence(): Promise<Outcome> {
    const silent = await condition(() => alertIsOver, `${runbook.verify.timeoutSeconds}s`);
    return close('recovered', silent ? 'Healthy, and the alert is over.' : 'Healthy; the source has not said that the alert is over.');
  }

  async function handOver(reason: string, kind: OutcomeKind = 'escalated'): Promise<Outcome> {
    chart.enter('escalated');
    chart.tell(`A person is needed: ${reason}`);
    await chart.record('Escalated', reason);
    await escalate({ incident: workflowInfo().workflowId, target, diagnosis, actions, reason });
    await condition(() => alertIsOver, '7 days');
    return close(kind, reason);
  }

  function close(kind: OutcomeKind, reason: string): Outcome {
    chart.enter('closed');
    chart.label('outcome', kind);
    chart.tell(`Closed as ${kind}: ${reason}`);
    return { kind, diagnosis, actions, reason };
  }
}

/** Null for what the activity refused for good; other failures have been retried already and are passed on. */
async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    const refused = error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.nonRetryable;
    if (!refused) throw error;
    return null;
  }
}

function verdictText(verdict: Verdict): string {
  return verdict.kind === 'unknown' ? `unknown: ${verdict.reason}` : `${verdict.kind}: ${verdict.seen}`;
}
