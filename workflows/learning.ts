import { workflowInfo } from '@temporalio/workflow';
import type { Examination } from '../activities/healing.ts';
import type { LimitLayer } from '../guards/limits.ts';
import type { CauseKind } from '../incident/cause.ts';
import { type Decision, endOf, type Lesson, type Observation, type Tried } from '../incident/experience/lesson.ts';
import { type Ordered, orderRungs } from '../incident/experience/order.ts';
import { relapseWindow } from '../incident/experience/relapse-window.ts';
import { windowsFor } from '../incident/experience/windows.ts';
import type { PeopleDid } from '../incident/people-did.ts';
import type { Action, Plan } from '../incident/plan.ts';
import type { RemedyName, Rung } from '../incident/remedy.ts';
import { targetText } from '../incident/target.ts';
import type { Verdict } from '../incident/verdict.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { learn } from './calls.ts';
import type { Chart } from './chart.ts';
import type { IncidentInput } from './messages.ts';
import { incidentAttributes } from './search-attributes.ts';
import { settled } from './settled.ts';

/** An act that was to cure, as it ended. */
interface Ended {
  readonly plan: Plan;
  readonly cause: CauseKind;
  readonly verdict: Verdict;
  readonly action: Action;
  readonly windows: Runbook['verify'];
}

/** What an incident makes of earlier ones, and what it teaches later ones. It changes no guard, and nothing that a runbook does not list. */
export interface Learning {
  /** The rungs, all of which may be tried, in the order in which they are; what differs from the runbook's is told. */
  order(rungs: readonly Rung[], seen: Examination): Ordered<Rung>;
  /** What a person is told of what is not tried. */
  whyLeftOut(leftOut: Ordered<Rung>['leftOut'], seen: Examination): readonly string[];
  /** How long health is waited for after a remedy and must last; what differs from the runbook's is told. */
  windows(remedy: RemedyName, seen: Examination): Runbook['verify'];
  /** The limits with the window of a relapse as it was learned, which is never shorter; what differs from them is told. */
  limits(seen: Examination): readonly LimitLayer[];
  /** A failure was diagnosed: from now on the incident teaches something, whatever becomes of it. */
  failureSeen(): void;
  decided(plan: Plan, cause: CauseKind, answer: Decision['answer']): void;
  tried(ended: Ended): void;
  /** The failure went away while it was only observed. */
  observed(plan: Plan, cause: CauseKind, did: PeopleDid): void;
  /** The target was found well after a try that had been given up. */
  wellLate(): void;
  /** Has what the incident teaches kept, once; nothing that teaches may come after it. */
  teach(): Promise<void>;
}

export function openLearning({ target, runbook, limits, carried }: IncidentInput, chart: Chart): Learning {
  const { workflowId: incident, runId: run, startTime, typedSearchAttributes } = workflowInfo();
  const isDrill = typedSearchAttributes.get(incidentAttributes.drill) === true;
  // A history of before there was learning knows of none.
  const rules: Runbook['learning'] | undefined = runbook.learning;
  const decisions: Decision[] = [];
  let tried: readonly Tried[] = [];
  let observed: Observation | null = null;
  const limitsRelapseSeconds = Math.max(0, ...limits.map((layer) => layer.limits.relapseSeconds ?? 0));
  let relapseSeconds = limitsRelapseSeconds;
  let curedMs: number | null = null;
  let hasFailed = false;
  let isTaught = false;
  const told = new Set<string>();

  function tellOnce(sentence: string): void {
    if (told.has(sentence)) return;
    told.add(sentence);
    chart.tell(sentence);
  }

  return {
    order(rungs, { recalled }) {
      if (!rules || recalled === undefined) return { rungs, leftOut: [], why: [] };
      if (recalled.kind === 'unread') {
        tellOnce(`What earlier incidents came to cannot be read (${recalled.why}); the order of the runbook is used.`);
        return { rungs, leftOut: [], why: [] };
      }
      const known = { rows: recalled.rows, target: targetText(target), nowMs: Date.now() };
      const { stableSeconds, timeoutSeconds } = runbook.verify;
      const inVainSeconds = timeoutSeconds + runbook.attempts.backoffFirstSeconds;
      const ordered = orderRungs(rungs, known, rules, { stableSeconds, inVainSeconds });
      for (const sentence of [...ordered.why, ...ordered.leftOut.map(({ why }) => why)]) tellOnce(sentence);
      return ordered;
    },

    whyLeftOut(leftOut, { diagnosis: { cause } }) {
      const commands = leftOut.map(
        ({ rung }) => `paramedic experience reset --type ${runbook.failureType} --cause ${cause} --remedy ${rung} --reason WHY`,
      );
      return [
        ...leftOut.map(({ why }) => why),
        ...(commands.length === 0 ? [] : [`To have that tried again in later incidents: ${commands.join(' ; ')}`]),
      ];
    },

    windows(remedy, { recalled }) {
      if (!rules || recalled?.kind !== 'read') return runbook.verify;
      const row = recalled.rows.find((one) => one.remedy === remedy);
      const { windows, why } = windowsFor(runbook.verify, row, rules, Date.now());
      for (const sentence of why) tellOnce(sentence);
      return windows;
    },

    limits({ recalled }) {
      if (!rules || recalled?.kind !== 'read') return limits;
      const window = relapseWindow(limitsRelapseSeconds, recalled.rows, rules, Date.now());
      if (window === null) return limits;
      tellOnce(window.why);
      relapseSeconds = window.seconds;
      return [...limits, { from: 'what was learned', limits: { relapseSeconds } }];
    },

    failureSeen() {
      hasFailed = true;
    },

    decided({ remedy }, cause, answer) {
      decisions.push({ cause, remedy, answer });
    },

    tried({ plan: { remedy }, cause, verdict, action: { actedAt, verifiedAt }, windows }) {
      const end = endOf(verdict);
      if (end === null) return;
      const verifiedMs = verifiedAt === null ? Date.now() : Date.parse(verifiedAt);
      const seconds = Math.max(0, (verifiedMs - Date.parse(actedAt)) / 1000 - windows.stableSeconds);
      curedMs = end === 'recovered' ? verifiedMs : null;
      tried = [...tried, { cause, remedy, end, seconds: end === 'recovered' ? seconds : null, isFirst: tried.length === 0 }];
    },

    observed({ remedy }, cause, did) {
      observed = { cause, remedy, did };
    },

    wellLate() {
      tried = tried.map((one, index) => (index === tried.length - 1 && one.end === 'failed' ? { ...one, end: 'late' as const } : one));
    },

    async teach() {
      // What was broken on purpose says nothing of what breaks by itself.
      if (!rules || !hasFailed || isTaught || isDrill) return;
      isTaught = true;
      const openedMs = Date.parse(carried?.openedAt ?? startTime.toISOString());
      const lesson: Lesson = { incident, run, target, openedMs, curedMs, tried, decisions, observed, relapseSeconds };
      const kept = await settled(() => learn(runbook.failureType, lesson));
      if (kept.kind === 'failed') chart.tell(`What this incident teaches could not be kept: ${kept.message}`);
      else if (tried.length > 0) chart.taught();
    },
  };
}
