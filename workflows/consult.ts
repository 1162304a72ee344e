import { condition, workflowInfo } from '@temporalio/workflow';
import type { QualityExamination } from '../activities/quality.ts';
import type { Decision } from '../incident/approval.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Outcome, OutcomeKind } from '../incident/incident.ts';
import { modeFor } from '../incident/mode.ts';
import { type Offer, optionsText } from '../incident/option.ts';
import type { Plan } from '../incident/plan.ts';
import type { View } from '../incident/view.ts';
import { followAlerts } from './alerts.ts';
import { type Arc, close, followArc, type Way } from './arc.ts';
import { weighQuality } from './calls.ts';
import { openChart } from './chart.ts';
import { openChoice } from './choice.ts';
import { confirmRollback } from './confirm-rollback.ts';
import { openCourse } from './course.ts';
import { openChain } from './escalation-chain.ts';
import { awaitQuiet, flapsText } from './flapping.ts';
import { handOver } from './hand-over.ts';
import { askLeave } from './leave.ts';
import type { IncidentInput } from './messages.ts';
import { openPatience } from './patience.ts';
import { openPermits } from './permits.ts';
import { settled } from './settled.ts';

/** What was decided is watched for so long. */
const WATCHED_FOR = '7d';
/** The server is well by its pods; what is wrong is weighed beside it. */
const VIEW: View = {};
const REASON_CHARACTERS_MAX = 300;

/** What stands decided on, and who did. */
interface Resolve {
  readonly offer: Offer;
  readonly by: string;
  readonly reason: string;
  /** False where the runbook allows it without one. */
  readonly isByPerson: boolean;
}

/**
 * The arc of what only a person can judge: settle, look, ask for one decision, carry it out, verify. A server that is well proves nothing
 * here: what is wrong is what it is fed, or what it says. Without a decision nothing is done, save what the runbook says may be contained.
 */
export async function consult(input: IncidentInput): Promise<Outcome> {
  const { target, runbook } = input;
  const chart = openChart(input);
  // A history of before there were chains knows of none.
  const chain = openChain(runbook.escalation ?? null, chart);
  const alerts = followAlerts(chart.joinedBy);
  const permits = openPermits(input);
  const patience = openPatience(input, chart, alerts);
  const choice = openChoice(input, chart, alerts, chain);
  const course = openCourse(input, chart, VIEW);
  const arc: Arc = { chart, alerts, permits, course, chain };
  const way: Way = { round, toPerson, diagnosis: () => diagnosis, end: choice.end };
  let diagnosis: Diagnosis | null = null;
  let briefing: readonly string[] = [];
  let isContainmentTried = false;
  /** So many alerts had joined when it was last looked at. */
  let joined = 0;

  return followArc(input, arc, way);

  /** One look at everything and what follows from it; null: look again. */
  async function round(): ReturnType<Way['round']> {
    chart.enter('diagnosing');
    if (alerts.areOver()) return overByItself();
    joined = alerts.joined();
    const seen = await settled(weigh);
    if (seen.kind === 'failed') {
      if (seen.type === 'TargetGone') return close(arc, way, 'selfResolved', 'The target no longer exists.');
      if (seen.type === 'TargetChanged') return null;
      return toPerson(`It cannot be looked at: ${seen.message}`);
    }
    const { offers, withheld } = seen.value;
    note(seen.value);
    const contained = containment(offers);
    if (contained) return carryOut(seen.value, contained);
    const options: Offer[] = [...offers, { name: 'ignore', does: 'do nothing, and close with your reason.', plan: null }];
    if (modeFor(runbook, target.namespace, null) === 'observe')
      return toPerson(`Observe mode: nothing was changed. What could be decided: ${optionsText(options)}`, 'observed');
    if (offers.length === 0) return toPerson(['Nothing could be decided that Paramedic can do.', ...withheld].join(' '));
    const choices = { offers: options, diagnosis: seen.value.diagnosis, briefing: [...briefing, ...withheld], joined };
    const chosen = await choice.of(choices, offersNow);
    if (chosen.kind === 'lookAgain') return null;
    if (chosen.kind === 'none') return toPerson(chosen.reason);
    return decided(seen.value, chosen.offer, chosen.decision);

    async function offersNow(): Promise<readonly Offer[] | null> {
      const now = await settled(weigh);
      return now.kind === 'done' ? [...now.value.offers, options.at(-1)!] : null;
    }
  }

  /** What was contained without a person stays so, and they have to hear of it. */
  async function overByItself(): ReturnType<Way['round']> {
    const standing = course.actions().filter(({ undone }) => !undone);
    if (standing.length === 0) {
      const end = await awaitQuiet(input, chart, alerts);
      if (end === 'flaps') return toPerson(flapsText(alerts));
      return end === 'again' ? 'free' : close(arc, way, 'selfResolved', 'The alert is over.');
    }
    const done = standing.map(({ after }) => after).join('; ');
    return toPerson(`The alert is over, and what was done stands until a person takes it back: ${done}.`, 'contained');
  }

  function weigh(): Promise<QualityExamination> {
    return weighQuality(
      target,
      alerts.firing().map(({ alert }) => alert),
      runbook,
    );
  }

  function note(seen: QualityExamination): void {
    const isNews = diagnosis?.reasons.join() !== seen.diagnosis.reasons.join();
    ({ diagnosis, briefing } = seen);
    if (!isNews) return;
    chart.label('cause', diagnosis.cause);
    chart.tell(`Cause: ${diagnosis.cause}. ${[...diagnosis.reasons, ...briefing].join(' ')}`);
  }

  /** The one thing that a runbook may allow without a person; it is tried once. */
  function containment(offers: readonly Offer[]): Resolve | null {
    const offer = offers.find(({ name }) => name === 'freeze');
    const isAuto = modeFor(runbook, target.namespace, 'freezePromotions') === 'auto';
    const isAllowed = isAuto && runbook.contain.includes('freezePromotions') && !isContainmentTried;
    if (!offer || !isAllowed) return null;
    isContainmentTried = true;
    return { offer, by: `Paramedic, as the runbook ${runbook.name} allows`, reason: '', isByPerson: false };
  }

  async function decided(seen: QualityExamination, offer: Offer, { by, reason }: Decision): ReturnType<Way['round']> {
    if (offer.plan !== null) return carryOut(seen, { offer, by, reason, isByPerson: true });
    choice.end();
    return watch('dismissed', `${by} decided to ignore it${reason === '' ? '.' : `: ${reason}`}`);
  }

  /** Asks the guards, acts and verifies. */
  async function carryOut(seen: QualityExamination, resolve: Resolve): ReturnType<Way['round']> {
    const plan = finalPlan(resolve);
    const key = course.nextKey();
    const permit = await askLeave(input, permits, course, { seen: seen.seen, plan, key, isApproved: resolve.isByPerson });
    if (permit.kind === 'refused') {
      if (!resolve.isByPerson) return leaveToPerson(`Not contained: ${permit.reason}`);
      const inVain = await patience.waitOut(permit);
      if (inVain !== null) return toPerson(`${inVain} What was decided and not done: ${course.planText(plan)}.`);
      return 'free';
    }
    patience.renew();
    choice.end();
    const { verdict, report } = await course.attempt(plan, key, {
      diagnosis: seen.diagnosis,
      aim: 'cure',
      state: seen.seen.diagnosis.cause,
    });
    await permits.report(report);
    // A person is asked all the same what becomes of the rest.
    if (verdict === null || !resolve.isByPerson) return null;
    if (verdict.kind === 'recovered') return carriedOut(resolve);
    // What was contained stays so.
    if (resolve.offer.name === 'rollBack' && verdict.kind !== 'unknown') await course.takeBackOthersThan('freezePromotions');
    const seenNow = verdict.kind === 'unknown' ? verdict.reason : verdict.seen;
    return toPerson(`${resolve.by} decided ${resolve.offer.name}, and it is not seen to work: ${seenNow}.`);
  }

  function leaveToPerson(sentence: string): null {
    chart.tell(sentence);
    return null;
  }

  function finalPlan({ offer, by, reason }: Resolve): Plan {
    const plan = offer.plan!;
    if (plan.change.kind !== 'promotions') return plan;
    const why = reason || diagnosis?.reasons.join(' ') || 'no reason given';
    const text = `by ${by} at ${new Date().toISOString()}: ${why.slice(0, REASON_CHARACTERS_MAX)} (${workflowInfo().workflowId})`;
    return { ...plan, change: { ...plan.change, to: text } };
  }

  async function carriedOut({ offer: { name }, by }: Resolve): Promise<Outcome | null> {
    if (name === 'rollBack') {
      const unconfirmed = await course.confirm({ cures: {}, confirm: confirmRollback });
      if (unconfirmed) return toPerson(unconfirmed, 'recovered');
    }
    return watch(name === 'freeze' ? 'contained' : 'recovered', `${by} decided ${name}, and it is seen to be done.`);
  }

  /** A person knows; it stays open until its alerts are over, so that they begin nothing new. Null: something else came up. */
  async function watch(kind: OutcomeKind, reason: string): Promise<Outcome | null> {
    await permits.leave(false);
    chart.enter('watching');
    chart.tell(`${reason} It is watched until its alerts are over.`);
    if (!(await condition(() => alerts.areOver() || alerts.joined() > joined, WATCHED_FOR, { summary: 'Watch what was decided' }))) {
      if (kind === 'dismissed') return close(arc, way, kind, `${reason} The alert fires all the same.`);
      return toPerson(`${reason} Its alerts are not over after a week.`);
    }
    if (alerts.areOver()) return close(arc, way, kind, `${reason} The alert is over.`);
    chart.tell('Another alert joined, and it is looked at anew.');
    return null;
  }

  async function toPerson(reason: string, kind: OutcomeKind = 'escalated'): Promise<Outcome> {
    choice.end();
    await permits.leave(false);
    const actions = course.actions();
    const end = await handOver({
      input,
      chart,
      alerts,
      chain,
      diagnosis,
      view: VIEW,
      actions,
      reason,
      isNews: true,
      briefing,
      isOverWhenHealthy: false,
    });
    return close(arc, way, kind, end);
  }
}
