import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Report } from '../guards/ledger/leases.ts';
import type { ActOutcome } from '../guards/ledger/ledger.ts';
import type { AuditDetails } from '../incident/audit-entry.ts';
import { whyOf } from '../incident/audit-why.ts';
import type { CauseKind } from '../incident/cause.ts';
import { type Change, changeText, isBeside } from '../incident/change.ts';
import { isContained } from '../incident/containment.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Action, Plan } from '../incident/plan.ts';
import type { RemedyName } from '../incident/remedy.ts';
import { type Verdict, verdictText } from '../incident/verdict.ts';
import type { View } from '../incident/view.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { applyPlan, awaitBeside, awaitRecovery, examine, undoAct } from './calls.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';
import { settled } from './settled.ts';
import type { Treatment } from './treatment.ts';

/** What a verdict makes of the permit that the attempt had. */
const OUTCOMES: Readonly<Record<Verdict['kind'], ActOutcome>> = {
  recovered: 'recovered',
  // The act did what it was to do.
  contained: 'recovered',
  notRecovered: 'ineffective',
  worse: 'worse',
  unknown: 'inconclusive',
};

/** What a plan is carried out for: that the target is well again, or that it does no more harm until a person comes. */
type Aim = 'cure' | 'containment';

/** Remedies that may help when they did not the time before: each has an end of its own, or is capped by the attempts. */
const REPEATABLE: readonly RemedyName[] = ['raiseMemory', 'scale', 'retryRun', 'retryRunWithMoreMemory'];

/** Changes that leave more to be made true, or to be said, once they are verified; the others are all there is to them. */
const CONFIRMED: readonly Change['kind'][] = ['modelVersion', 'furtherRun'];

/** What an attempt is for. */
interface Purpose {
  readonly diagnosis: Diagnosis;
  readonly aim: Aim;
  /** What ails the target itself, where that is not what the act is for; at another one nothing is done. */
  readonly state?: CauseKind;
  /** How long health is waited for and must last; the runbook's, where nothing is said. */
  readonly windows?: Runbook['verify'];
}

/** How an attempt ended. */
interface Attempt {
  /** Null when nothing was changed, so that the target must be looked at again. */
  readonly verdict: Verdict | null;
  /** What becomes of its permit. */
  readonly report: Report;
}

/** What is done to a target in one incident: every act, its verdict, and what was taken back. */
export interface Course {
  attempts(): number;
  actions(): readonly Action[];
  /** A rung is climbed once, unless it may help later: memory up to its ceiling, a run up to the attempts. */
  mayTry(remedy: RemedyName): boolean;
  planText(plan: Plan): string;
  /** The key of an attempt that is to be made. */
  nextKey(): string;
  /** Acts and verifies, under a permit with this key as its id. */
  attempt(plan: Plan, key: string, purpose: Purpose): Promise<Attempt>;
  /** Takes back what did not help, the newest first, except by the remedy that is to go on; what contains stays. True when something was. */
  takeBackOthersThan(remedy: RemedyName | null): Promise<boolean>;
  /** Makes the last act, verified, true elsewhere. Returns why it could not, or null. */
  confirm(treatment: Treatment): Promise<string | null>;
}

/** @param view how the target is looked at */
export function openCourse(input: IncidentInput, chart: Chart, view: View): Course {
  const { target, runbook } = input;
  const actions: { -readonly [field in keyof Action]: Action[field] }[] = [];
  const uids = new Map<string, string>();
  let acts = 0;
  let attempts = 0;

  const planText = ({ remedy, change }: Plan) => `${remedy} (${changeText(change).before} → ${changeText(change).after})`;

  /** Whatever happens meanwhile, a write that began is finished and written down. */
  async function act(plan: Plan, key: string, cause: CauseKind): Promise<'acted' | 'unused' | 'failed'> {
    const done = await settled(() => applyPlan(`Act: ${planText(plan)}`, { target, plan, key, cause, view }));
    if (done.kind === 'failed' && done.type !== 'exhausted') {
      await chart.record('NotActed', `${plan.remedy}: ${done.message}`, { ...detailsOf(plan, key), result: failed(done.message) });
      chart.tell(`${plan.remedy} was not applied: ${done.message} Looking again.`);
      // What the cluster refuses for good would be refused again, and counts; a world that moved on does not.
      return done.type === 'Refused' ? 'failed' : 'unused';
    }
    attempts++;
    const { before, after } = changeText(plan.change);
    const actedAt = new Date().toISOString();
    actions.push({ remedy: plan.remedy, change: plan.change, key, before, after, actedAt, verifiedAt: null, verdict: null, undone: false });
    uids.set(key, plan.uid);
    const unsure = done.kind === 'failed' ? ` Whether it was applied is not known (${done.message}); the target is looked at.` : '';
    const result = done.kind === 'failed' ? { kind: 'unknown' as const, text: done.message } : { kind: 'done' as const, text: after };
    await chart.record('Acted', `${planText(plan)}.${unsure}`, { ...detailsOf(plan, key), result });
    chart.tell(`Attempt ${attempts}: ${planText(plan)}.${unsure}`);
    return 'acted';
  }

  async function recovery(key: string, { readyBefore, displacedBefore, change }: Plan, limits: Runbook['verify']): Promise<Verdict> {
    const before = { readyBefore, displacedBefore };
    const seen = await settled(() =>
      isBeside(change)
        ? awaitBeside(limits)({ target, change, key, limits })
        : awaitRecovery(limits)({ target, measure: view.measure ?? 'pods', limits, golden: view.golden ?? null, before }),
    );
    return seen.kind === 'done' ? seen.value : { kind: 'unknown', reason: seen.message };
  }

  /** What contains is in place at once, or somebody took it away. */
  async function containment({ change }: Plan): Promise<Verdict> {
    const seen = await settled(() => examine(target, view));
    if (seen.kind === 'failed') return { kind: 'unknown', reason: seen.message };
    const { before, after } = changeText(change);
    return isContained(change, seen.value.evidence) ? { kind: 'contained', seen: after } : { kind: 'notRecovered', seen: before };
  }

  async function verify(key: string, plan: Plan, { aim, windows = runbook.verify }: Purpose): Promise<Verdict> {
    chart.enter('verifying');
    const verdict = await (aim === 'cure' ? recovery(key, plan, windows) : containment(plan));
    const verified = actions.find((action) => action.key === key);
    if (verified) Object.assign(verified, { verdict, verifiedAt: new Date().toISOString() });
    const result = { kind: verdict.kind, text: verdict.kind === 'unknown' ? verdict.reason : verdict.seen };
    await chart.record('Verified', verdictText(verdict), { key, remedy: plan.remedy, result });
    chart.tell(`Verdict: ${verdictText(verdict)}.`);
    return verdict;
  }

  async function takeBack(action: (typeof actions)[number]): Promise<void> {
    const { key, remedy, before, after, change } = action;
    const back = { key, remedy, before: after, after: before };
    await chart.record('Undoing', `${remedy} did not help: back to ${before}`, back);
    const done = await settled(() => undoAct(`Undo: ${remedy}, back to ${before}`, target, uids.get(key) ?? '', change, key));
    const undone = done.kind === 'done' && done.value;
    action.undone = undone;
    const why = done.kind === 'failed' ? done.message : 'it cannot be undone';
    const text = undone ? `${remedy} was taken back: ${after} → ${before}` : `${remedy} was left as it is: ${why}`;
    const result = undone ? { kind: 'done' as const, text: before } : failed(why);
    await chart.record(undone ? 'Undone' : 'NotUndone', text, { ...back, result });
    chart.tell(`${text}.`);
  }

  return {
    attempts: () => attempts,
    actions: () => actions,
    mayTry: (remedy) => REPEATABLE.includes(remedy) || !actions.some((action) => action.remedy === remedy),
    planText,

    nextKey: () => `${workflowInfo().workflowId}/${workflowInfo().runId}/${++acts}`,

    async attempt(plan, key, purpose) {
      const { diagnosis } = purpose;
      const { cause, reasons } = diagnosis;
      chart.enter('remediating');
      chart.label('remedy', plan.remedy);
      const text = `${planText(plan)}, because of ${cause}: ${reasons.join(' ')} ${plan.why}`;
      await chart.record('Acting', text, { ...detailsOf(plan, key), permit: key, ...whyOf(diagnosis, plan.why) });
      const acted = await CancellationScope.nonCancellable(() => act(plan, key, purpose.state ?? cause));
      if (acted !== 'acted') return { verdict: null, report: { id: key, outcome: acted, actedMs: null } };
      const actedMs = Date.now();
      const verdict = await verify(key, plan, purpose);
      return { verdict, report: { id: key, outcome: OUTCOMES[verdict.kind], actedMs } };
    },

    async takeBackOthersThan(remedy) {
      const standing = actions.filter(
        ({ undone, change, verdict, remedy: by }) => !undone && change.kind !== 'pod' && verdict?.kind !== 'contained' && by !== remedy,
      );
      for (const action of standing.reverse()) await CancellationScope.nonCancellable(() => takeBack(action));
      return standing.some(({ undone }) => undone);
    },

    async confirm({ confirm }) {
      const last = actions.at(-1);
      if (!confirm || !last || !CONFIRMED.includes(last.change.kind)) return null;
      const of = { key: last.key, remedy: last.remedy };
      const done = await settled(async () => {
        await chart.record('Confirming', `${last.remedy} is verified: ${last.after} is good, ${last.before} is not`, of);
        return confirm(last, input);
      });
      if (done.kind === 'failed') return `It is healthy, but the cure could not be confirmed: ${done.message}`;
      for (const sentence of done.value) {
        await chart.record('Confirmed', sentence, { ...of, result: { kind: 'done', text: sentence } });
        chart.tell(sentence);
      }
      return null;
    },
  };
}

/** What the audit trail says of every step of an act. */
function detailsOf({ remedy, change }: Plan, key: string): AuditDetails {
  return { key, remedy, ...changeText(change) };
}

function failed(text: string): NonNullable<AuditDetails['result']> {
  return { kind: 'failed', text };
}
