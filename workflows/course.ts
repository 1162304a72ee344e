import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { changeText } from '../incident/change.ts';
import type { CauseKind } from '../incident/diagnosis.ts';
import type { Action, Plan } from '../incident/plan.ts';
import type { RemedyName } from '../incident/remedy.ts';
import { type Verdict, verdictText } from '../incident/verdict.ts';
import { applyPlan, awaitRecovery, undoAct } from './calls.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';
import { settled } from './settled.ts';
import type { Treatment } from './treatment.ts';

/** What is done to a target in one incident: every act, its verdict, and what was taken back. */
export interface Course {
  attempts(): number;
  /** Epoch milliseconds of the end of the last attempt; null before the first. */
  lastEndedMs(): number | null;
  actions(): readonly Action[];
  /** A rung is climbed once; only raising memory may be repeated, up to its ceiling. */
  mayTry(remedy: RemedyName): boolean;
  planText(plan: Plan): string;
  /** Acts and verifies. Null when nothing was changed, so that the target must be looked at again. */
  attempt(plan: Plan, cause: CauseKind, reasons: readonly string[]): Promise<Verdict | null>;
  /** Takes back what did not help, the newest first, except by the remedy that is to go on. True when something was. */
  takeBackOthersThan(remedy: RemedyName | null): Promise<boolean>;
  /** Makes the last act, verified, true elsewhere. Returns why it could not, or null. */
  confirm(treatment: Treatment): Promise<string | null>;
}

export function openCourse(input: IncidentInput, chart: Chart): Course {
  const { target, runbook } = input;
  const actions: { -readonly [field in keyof Action]: Action[field] }[] = [];
  const uids = new Map<string, string>();
  let acts = 0;
  let attempts = 0;
  let lastEndedMs: number | null = null;

  const planText = ({ remedy, change }: Plan) => `${remedy} (${changeText(change).before} → ${changeText(change).after})`;

  /** Whatever happens meanwhile, a write that began is finished and written down. */
  async function act(plan: Plan, key: string): Promise<boolean> {
    const done = await settled(() => applyPlan(`Act: ${planText(plan)}`, { target, plan, key }));
    lastEndedMs = Date.now();
    if (done.kind === 'failed' && done.type !== 'exhausted') {
      await chart.record('NotActed', `${plan.remedy}: ${done.message}`, key);
      chart.tell(`${plan.remedy} was not applied: ${done.message} Looking again.`);
      return false;
    }
    attempts++;
    const { before, after } = changeText(plan.change);
    const actedAt = new Date().toISOString();
    actions.push({ remedy: plan.remedy, change: plan.change, key, before, after, actedAt, verifiedAt: null, verdict: null, undone: false });
    uids.set(key, plan.uid);
    const unsure = done.kind === 'failed' ? ` Whether it was applied is not known (${done.message}); the target is looked at.` : '';
    await chart.record('Acted', `${planText(plan)}.${unsure}`, key);
    chart.tell(`Attempt ${attempts}: ${planText(plan)}.${unsure}`);
    return true;
  }

  async function verify(key: string, readyBefore: number): Promise<Verdict> {
    chart.enter('verifying');
    const seen = await settled(() => awaitRecovery(runbook.verify)({ target, limits: runbook.verify, readyBefore }));
    const verdict: Verdict = seen.kind === 'done' ? seen.value : { kind: 'unknown', reason: seen.message };
    lastEndedMs = Date.now();
    const verified = actions.find((action) => action.key === key);
    if (verified) Object.assign(verified, { verdict, verifiedAt: new Date().toISOString() });
    await chart.record('Verified', verdictText(verdict), key);
    chart.tell(`Verdict: ${verdictText(verdict)}.`);
    return verdict;
  }

  async function takeBack(action: (typeof actions)[number]): Promise<void> {
    const { key, remedy, before, after, change } = action;
    await chart.record('Undoing', `${remedy} did not help: back to ${before}`, key);
    const done = await settled(() => undoAct(`Undo: ${remedy}, back to ${before}`, target, uids.get(key) ?? '', change, key));
    const undone = done.kind === 'done' && done.value;
    action.undone = undone;
    const why = done.kind === 'failed' ? done.message : 'it cannot be undone';
    const text = undone ? `${remedy} was taken back: ${after} → ${before}` : `${remedy} was left as it is: ${why}`;
    await chart.record(undone ? 'Undone' : 'NotUndone', text, key);
    chart.tell(`${text}.`);
  }

  return {
    attempts: () => attempts,
    lastEndedMs: () => lastEndedMs,
    actions: () => actions,
    mayTry: (remedy) => remedy === 'raiseMemory' || !actions.some((action) => action.remedy === remedy),
    planText,

    async attempt(plan, cause, reasons) {
      chart.enter('remediating');
      chart.label('remedy', plan.remedy);
      const key = `${workflowInfo().workflowId}/${workflowInfo().runId}/${++acts}`;
      await chart.record('Acting', `${planText(plan)}, because of ${cause}: ${reasons.join(' ')} ${plan.why}`, key);
      const acted = await CancellationScope.nonCancellable(() => act(plan, key));
      return acted ? verify(key, plan.readyBefore) : null;
    },

    async takeBackOthersThan(remedy) {
      const standing = actions.filter((action) => !action.undone && action.change.kind !== 'pod' && action.remedy !== remedy);
      for (const action of standing.reverse()) await CancellationScope.nonCancellable(() => takeBack(action));
      return standing.some(({ undone }) => undone);
    },

    async confirm({ confirm }) {
      const last = actions.at(-1);
      if (!confirm || !last) return null;
      const done = await settled(() => confirm(last, input));
      if (done.kind === 'failed') return `It is healthy, but the cure could not be confirmed: ${done.message}`;
      for (const sentence of done.value) {
        await chart.record('Confirmed', sentence, last.key);
        chart.tell(sentence);
      }
      return null;
    },
  };
}
