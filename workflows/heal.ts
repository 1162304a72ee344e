import { condition, sleep } from '@temporalio/workflow';
import type { Examination } from '../activities/healing.ts';
import type { Refusal } from '../guards/permit.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Outcome, OutcomeKind } from '../incident/incident.ts';
import { type Mode, modeFor, mostCautious } from '../incident/mode.ts';
import type { Plan } from '../incident/plan.ts';
import type { RemedyName } from '../incident/remedy.ts';
import type { View } from '../incident/view.ts';
import { tellAftermath } from './aftercare.ts';
import { followAlerts } from './alerts.ts';
import { openApproval } from './approval.ts';
import { type Arc, close, followArc, type Way } from './arc.ts';
import { awaitRecovery, examine, planAct } from './calls.ts';
import { openChart } from './chart.ts';
import { openCourse } from './course.ts';
import { openChain } from './escalation-chain.ts';
import { awaitQuiet, flapsText } from './flapping.ts';
import { handOver } from './hand-over.ts';
import { openLearning } from './learning.ts';
import { askLeave } from './leave.ts';
import type { IncidentInput } from './messages.ts';
import { compareWithPeople, type Intended } from './observing.ts';
import { openPatience } from './patience.ts';
import { openPermits } from './permits.ts';
import { settled } from './settled.ts';
import { openSuccession } from './succession.ts';
import type { Treatment } from './treatment.ts';

const ROLLOUT_LOOK_AGAIN_MS = 10_000;
/** Looks at a run that is merely under way; there are so many of them whatever the patience. */
const RUN_LOOKS = 100;
/** A failure that may pass is looked at again after this, and then each time after twice as long. */
const TRANSIENT_FIRST_MS = 10_000;
const TRANSIENT_MAX_MS = 300_000;

/** `lookAgain`: the target moved while the plan was made. */
type NextPlan =
  /** @property handOver why a person is needed all the same, where it only contains; null where it may cure */
  | { readonly kind: 'plan'; readonly plan: Plan; readonly handOver: string | null }
  | { readonly kind: 'lookAgain' }
  | { readonly kind: 'none'; readonly reason: string };

/** The one arc: settle, diagnose, remediate, verify, escalate. */
export async function heal(input: IncidentInput, treatment: Treatment): Promise<Outcome> {
  const { target, runbook } = input;
  const { transient, model } = runbook;
  const view: View = { measure: treatment.measure ?? 'pods', transient, golden: model.golden };
  const chart = openChart(input);
  // A history of before there were chains knows of none.
  const chain = openChain(runbook.escalation ?? null, chart);
  const alerts = followAlerts(chart.joinedBy, input.carried?.alerts);
  const permits = openPermits(input);
  const patience = openPatience(input, chart, alerts);
  const approval = openApproval(input, chart, alerts, view, chain);
  const course = openCourse(input, chart, view);
  const succession = openSuccession(input, chart, alerts, permits);
  const learning = openLearning(input, chart);
  const arc: Arc = { chart, alerts, permits, course, chain, succession, learning };
  const way: Way = { round, toPerson, diagnosis: () => diagnosis };
  /** Remedies that are not for a machine alone here, by what came of them before. */
  const demoted = new Set<RemedyName>();
  let diagnosis: Diagnosis | null = null;
  let rolloutSinceMs: number | null = null;
  let runSinceMs: number | null = null;
  let transientSinceMs: number | null = null;
  let transientLooks = 0;

  return followArc(input, arc, way);

  /** One look at the target and what follows from it; null: look again. */
  async function round(): ReturnType<Way['round']> {
    chart.enter('diagnosing');
    const seen = await settled(() => examine(target, view, runbook.learning ? runbook.failureType : null));
    if (seen.kind === 'failed') {
      if (seen.type === 'TargetGone') return close(arc, way, 'selfResolved', 'The target no longer exists.');
      return toPerson(`The target cannot be examined: ${seen.message}`);
    }
    diagnosis = seen.value.diagnosis;
    chart.label('cause', diagnosis.cause);
    chart.tell(`Cause: ${diagnosis.cause}. ${diagnosis.reasons.join(' ')}`);
    if (diagnosis.cause === 'healthy') return healthy();
    if (diagnosis.cause === 'rolling-out') return waitForRollout();
    if (diagnosis.cause === 'scaled-to-zero') return leftAlone(diagnosis.reasons.join(' '));
    rolloutSinceMs = null;
    if (diagnosis.cause === 'still-running') return waitForRun();
    runSinceMs = null;
    if (diagnosis.cause === 'held-by-person')
      return toPerson(`Somebody is at it already. ${diagnosis.reasons.join(' ')}`, 'escalated', false);
    if (diagnosis.cause === 'transient' && !treatment.cures.transient) return waitForAlert();
    transientSinceMs = null;
    learning.failureSeen();
    await permits.failing(seen.value.suspects, learning.limits(seen.value));
    return remediate(seen.value);
  }

  async function remediate(seen: Examination): ReturnType<Way['round']> {
    const next = await nextPlan(seen);
    if (next.kind === 'lookAgain') return null;
    if (next.kind === 'none') {
      if (course.actions().length === 0) await succession.toAnother(next.reason);
      return toPerson(next.reason);
    }
    const { plan, handOver } = next;
    // What did not help is taken back before something else is tried.
    if (await course.takeBackOthersThan(plan.remedy)) return null;
    const mode = modeOf(plan.remedy);
    if (mode === 'observe') return observed({ plan, seen });
    if (mode === 'approve') {
      const answer = await approval.of(plan, course.planText(plan), seen.diagnosis);
      if (answer.kind === 'lookAgain') return null;
      if (answer.kind === 'no') {
        if (answer.byPerson) learning.decided(plan, seen.diagnosis.cause, 'rejected');
        return toPerson(answer.reason, 'escalated', !answer.byPerson);
      }
    }
    const key = course.nextKey();
    const permit = await askLeave(input, permits, course, { seen, plan, key, isApproved: mode === 'approve' });
    if (permit.kind === 'refused') return refused(permit, plan);
    patience.renew();
    approval.end();

    const aim = handOver === null ? 'cure' : 'containment';
    const windows = learning.windows(plan.remedy, seen);
    const { verdict, report } = await course.attempt(plan, key, { diagnosis: seen.diagnosis, aim, windows });
    if (verdict !== null && mode === 'approve') learning.decided(plan, seen.diagnosis.cause, 'approved');
    if (verdict !== null && aim === 'cure')
      learning.tried({ plan, cause: seen.diagnosis.cause, verdict, action: course.actions().at(-1)!, windows });
    await Promise.all([permits.report(report), ...(verdict?.kind === 'recovered' ? [learning.teach()] : [])]);
    if (verdict === null || verdict.kind === 'notRecovered') return null;
    if (verdict.kind === 'recovered') return recovered();
    if (verdict.kind === 'contained') return toPerson(`${handOver} It is contained: ${verdict.seen}.`);
    if (verdict.kind === 'unknown') return toPerson(`Whether ${plan.remedy} helped cannot be told: ${verdict.reason}`);
    return toPerson(`It is worse than before ${plan.remedy}: ${verdict.seen}.`);
  }

  /** The next rung of the runbook's ladder, made concrete; where no cure is left, what contains the failure until a person comes. */
  async function nextPlan(seen: Examination): Promise<NextPlan> {
    const { cause } = seen.diagnosis;
    const cure = await planOneOf(treatment.cures[cause] ?? [], seen, 'cure');
    if (cure.kind === 'lookAgain') return cure;
    if (cure.kind === 'plan') return { ...cure, handOver: null };
    const noCure = [`No remedy of this runbook is left for ${cause}.`, ...cure.reasons].join(' ');
    const containing = await planOneOf(treatment.containment?.[cause] ?? [], seen, 'containment');
    if (containing.kind === 'lookAgain') return containing;
    if (containing.kind === 'plan') return { ...containing, handOver: noCure };
    return { kind: 'none', reason: [noCure, ...containing.reasons].join(' ') };
  }

  function modeOf(remedy: RemedyName): Mode {
    const mode = modeFor(runbook, target.namespace, remedy);
    return demoted.has(remedy) ? mostCautious(mode, 'approve') : mode;
  }

  /** The first of the runbook's rungs that is among the remedies, may be tried, and can be made concrete. */
  async function planOneOf(remedies: readonly RemedyName[], seen: Examination, aim: 'cure' | 'containment') {
    const { evidence, context } = seen;
    const reasons: string[] = [];
    const mayTry = (name: RemedyName) => course.mayTry(name) || treatment.again?.includes(name);
    const ladder = runbook.remedies.filter((name) => remedies.includes(name) && mayTry(name) && modeOf(name) !== 'off');
    // What contains is no cure, and nothing is learned of it.
    const { rungs, leftOut, why } = aim === 'cure' ? learning.order(ladder, seen) : { rungs: ladder, leftOut: [], why: [] };
    for (const remedy of rungs) {
      const answer = await settled(() =>
        planAct(`Plan: ${remedy}, and ask the API server for a dry run`, target, remedy, evidence, runbook, context),
      );
      if (answer.kind === 'failed') {
        if (answer.type === 'TargetChanged' || answer.type === 'TargetGone') return { kind: 'lookAgain' as const };
        return { kind: 'none' as const, reasons: [...reasons, `${remedy} cannot be applied: ${answer.message}`] };
      }
      if (answer.value.kind === 'plan')
        return { kind: 'plan' as const, plan: withReasons(answer.value.plan, [...why, ...leftOut.map((one) => one.why)]) };
      reasons.push(`${remedy}: ${answer.value.reason}`);
    }
    return { kind: 'none' as const, reasons: [...reasons, ...learning.whyLeftOut(leftOut, seen)] };
  }

  async function healthy(): ReturnType<Way['round']> {
    const kind = course.actions().length > 0 ? 'recovered' : 'selfResolved';
    if (kind === 'selfResolved' && alerts.areOver()) return healedByItself();
    if (kind === 'selfResolved') await succession.toAnother(`Nothing of a ${runbook.failureType} is wrong.`);
    // A look that finds it healthy between two crashes proves nothing.
    const verdict = await settled(() =>
      awaitRecovery(runbook.verify)({
        target,
        measure: view.measure ?? 'pods',
        limits: runbook.verify,
        golden: model.golden,
        before: null,
      }),
    );
    if (verdict.kind === 'failed' || verdict.value.kind !== 'recovered') return null;
    learning.wellLate();
    return close(arc, way, kind, `The target is healthy: ${verdict.value.seen}.`);
  }

  async function healedByItself(): ReturnType<Way['round']> {
    const end = await awaitQuiet(input, chart, alerts);
    if (end === 'flaps') return toPerson(flapsText(alerts));
    return end === 'again' ? 'free' : close(arc, way, 'selfResolved', 'The target is healthy, and the alert is over.');
  }

  /** Somebody's rollout is under way; it is not fought, and not waited for without end. */
  async function waitForRollout(): Promise<Outcome | null> {
    rolloutSinceMs ??= Date.now();
    if (Date.now() - rolloutSinceMs > runbook.verify.timeoutSeconds * 1000) return toPerson('A rollout is under way and does not end.');
    await sleep(ROLLOUT_LOOK_AGAIN_MS, { summary: 'A rollout is under way; look again' });
    return null;
  }

  /** A run that is not ill is waited for, until it ends, or nobody complains of it any more. */
  async function waitForRun(): ReturnType<Way['round']> {
    runSinceMs ??= Date.now();
    const isLeftAlone = () => alerts.areOver() && course.actions().length === 0;
    if (isLeftAlone()) return close(arc, way, 'selfResolved', 'The run is under way, and the alert is over.');
    const patienceMs = runbook.verify.timeoutSeconds * 1000;
    if (Date.now() - runSinceMs > patienceMs) return toPerson('A run is under way for longer than was waited for.');
    await condition(isLeftAlone, Math.max(1, patienceMs / RUN_LOOKS), { summary: 'A run is under way; look again' });
    return 'free';
  }

  /** What somebody wants as it is is no failure: nothing is changed, and nobody woken. */
  async function leftAlone(why: string): Promise<Outcome> {
    await condition(alerts.areOver, `${runbook.alertEndsSeconds}s`, { summary: 'Left as it is; wait until the alert is over' });
    return close(arc, way, 'selfResolved', `It is left as it is: ${why}`);
  }

  /** Nothing in the cluster is wrong any more, and only whoever raised the alert can tell that it is over; it is not waited for without end. */
  async function waitForAlert(): ReturnType<Way['round']> {
    if (alerts.areOver()) return healthy();
    transientSinceMs ??= Date.now();
    const restMs = transientSinceMs + runbook.patienceSeconds * 1000 - Date.now();
    if (restMs <= 0) return toPerson('Its pods are ready and its paths are there, and the alert goes on all the same.');
    chart.enter('waiting');
    const pauseMs = Math.min(TRANSIENT_FIRST_MS * 2 ** transientLooks++, TRANSIENT_MAX_MS, restMs);
    await condition(alerts.areOver, pauseMs, { summary: 'It may pass; look again' });
    return null;
  }

  /** Waits and looks again, or asks a person where waiting is in vain. A storm has been told already, by the incident that leads. */
  async function refused(refusal: Refusal, plan: Plan): ReturnType<Way['round']> {
    if (refusal.guard === 'demotion') {
      demoted.add(plan.remedy);
      chart.tell(refusal.reason);
      return 'free';
    }
    const inVain = await patience.waitOut(refusal);
    // Past the cap there is nothing to propose: it was tried.
    const proposal = refusal.guard === 'attempt-cap' ? '' : ` What would have been done: ${course.planText(plan)}.`;
    if (inVain !== null) return toPerson(`${inVain}${proposal}`, 'escalated', refusal.guard !== 'storm-brake');
    return 'free';
  }

  /** Stays open until the alert is over, so that its look-back starts no second incident. */
  async function recovered(): Promise<Outcome> {
    const unconfirmed = await course.confirm(treatment);
    if (unconfirmed) return toPerson(unconfirmed, 'recovered');
    const { left, end } = await tellAftermath(input, chart, chain, diagnosis, course.actions());
    const silent = await condition(alerts.areOver, `${runbook.alertEndsSeconds}s`, {
      summary: 'Healed; wait until the alert is over',
    });
    end();
    const healed = silent ? 'Healthy, and the alert is over.' : 'Healthy; the source has not said that the alert is over.';
    return close(arc, way, 'recovered', left === null ? healed : `${healed} ${left}`);
  }

  /** Says what would have been done, and once it is over what others did. */
  async function observed(intended: Intended): Promise<Outcome> {
    approval.end();
    await permits.leave(false);
    const end = await handedOver(`Observe mode: ${course.planText(intended.plan)} would have been applied; nothing was changed.`, true);
    return close(arc, way, 'observed', `${end} ${await compareWithPeople(intended, input, view, learning)}`);
  }

  async function toPerson(reason: string, kind: OutcomeKind = 'escalated', isNews = true): Promise<Outcome> {
    approval.end();
    if (kind === 'escalated') await course.takeBackOthersThan(null);
    await Promise.all([permits.leave(false), learning.teach()]);
    return close(arc, way, kind, await handedOver(reason, isNews));
  }

  function handedOver(reason: string, isNews: boolean): Promise<string> {
    return handOver({ input, chart, alerts, chain, diagnosis, view, actions: course.actions(), reason, isNews });
  }
}

/** A plan that also says why it is not another rung's. */
function withReasons(plan: Plan, reasons: readonly string[]): Plan {
  return { ...plan, why: [plan.why, ...reasons].filter((one) => one !== '').join(' ') };
}
