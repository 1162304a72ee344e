import type { Examination, PlanAnswer, Verification } from '../../activities/healing.ts';
import type { Permit } from '../../guards/permit.ts';
import type { Alert } from '../../incident/alert.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { changeText } from '../../incident/change.ts';
import type { Plan } from '../../incident/plan.ts';
import type { Surroundings } from '../../incident/surroundings.ts';
import type { Verdict } from '../../incident/verdict.ts';
import { matchRunbook } from '../../runbooks/match.ts';
import { Runbook } from '../../runbooks/schema.ts';
import type { DecisionCall, Saying } from '../../workflows/messages.ts';
import { type Moment, type Timeline, timelineOf } from '../timeline.ts';
import type { RecordedFailure, RecordedIncident, RecordedLook, RecordedScene } from './recorded.ts';

/** How an activity ended. */
type Ended = { readonly kind: 'done'; readonly value: unknown } | { readonly kind: 'failed'; readonly failure: RecordedFailure };

type Open = { -readonly [key in keyof RecordedScene]: RecordedScene[key] };

/** What a history tells, an event after the other, as it is played once more. */
export interface Recorder {
  ended(activity: string, args: readonly unknown[], end: Ended): void;
  wrote(entry: AuditEntry): void;
  /** @param by the runbook they were taken by, as it was pinned; null: not told */
  fired(alerts: readonly Alert[], by: unknown): void;
  resolved(alert: Alert): void;
  decided(call: DecisionCall): void;
  recorded(): Pick<RecordedIncident, 'alerts' | 'pinned' | 'over' | 'scenes' | 'questions'> & { readonly course: Timeline };
}

export function openRecorder(): Recorder {
  const scenes: Open[] = [emptyScene()];
  const moments: Moment[] = [];
  const alerts: RecordedIncident['alerts'] = [];
  const pinned: RecordedIncident['pinned'] = {};
  const firing = new Set<string>();
  const questions: RecordedIncident['questions'] = [];
  /** Of the looks of the last scene, by which one that says nothing new is known. */
  let lastLook = '';
  let lastPlan: Plan | null = null;
  let over: RecordedIncident['over'] = null;
  const scene = () => scenes.at(-1)!;
  const position = () => ({ scene: scenes.length - 1, looks: scene().looks.length });

  function next(): void {
    scenes.push(emptyScene());
    lastLook = '';
  }

  function look(one: RecordedLook, what: string): void {
    const { looks } = scene();
    // Of looks that say the same the last is kept: what is waited for is skipped.
    scene().looks = what === lastLook ? [...looks.slice(0, -1), one] : [...looks, one];
    lastLook = what;
  }

  function examined(end: Ended): void {
    if (end.kind === 'failed') {
      look({ kind: 'failed', ...end.failure }, end.failure.message);
      return;
    }
    const { evidence, context, recalled = null, diagnosis } = end.value as Examination;
    moments.push({ kind: 'looked', diagnosis });
    look({ kind: 'seen', evidence, context, recalled }, `${diagnosis.cause} at ${evidence.generation}`);
  }

  function planned(remedy: string, end: Ended): void {
    if (end.kind === 'failed') {
      scene().failedPlans.push({ remedy, ...end.failure });
      return;
    }
    const answer = end.value as PlanAnswer;
    if (answer.kind !== 'plan') return;
    lastPlan = answer.plan;
    moments.push({ kind: 'planned', plan: answer.plan });
  }

  function said({ kind, ...saying }: Saying, permit: Permit | null): void {
    if (kind !== 'ask' || permit === null || !('request' in saying)) return;
    scene().isRefused = permit.kind === 'refused';
    if (permit.kind !== 'refused') return;
    const { guard, reason } = permit;
    scene().refusals.push({ remedy: saying.request.remedy, guard, reason });
  }

  function verified(verdict: Verdict): void {
    const act = scenes.at(-2)?.end;
    if (act?.kind === 'act') act.verdict = verdict;
  }

  return {
    ended(activity, args, end) {
      switch (activity) {
        case 'examine':
          return examined(end);
        case 'planAct':
          return planned(String(args[1]), end);
        case 'readSurroundings':
          if (end.kind === 'done') scene().surroundings = end.value as Surroundings;
          return;
        case 'sayToOffice':
          if (end.kind === 'done') said(args[1] as Saying, end.value as Permit | null);
          return;
        case 'applyPlan': {
          const { plan } = args[0] as { readonly plan: Plan };
          scene().end = { kind: 'act', plan, failure: failureOf(end), verdict: null };
          return next();
        }
        case 'undoAct':
          scene().end = { kind: 'undo', done: end.kind === 'done' && end.value === true, failure: failureOf(end) };
          return next();
        case 'awaitRecovery':
        case 'awaitBeside': {
          const isOfAct = activity === 'awaitBeside' || (args[0] as Verification).before !== null;
          if (isOfAct) verified(end.kind === 'done' ? (end.value as Verdict) : { kind: 'unknown', reason: end.failure.message });
          return;
        }
        default:
          return;
      }
    },

    wrote(entry) {
      moments.push({ kind: 'written', entry });
      if (entry.step !== 'Asked') return;
      questions.push({ plan: lastPlan && { remedy: lastPlan.remedy, ...changeText(lastPlan.change) }, answer: null });
    },

    fired(joining, by) {
      const { data: runbook = null } = Runbook.safeParse(by);
      if (runbook !== null) pinned[runbook.name] ??= by;
      for (const alert of joining) {
        const isTold = runbook !== null && matchRunbook(alert, [runbook]) !== null;
        if (!alerts.some((one) => one.alert.fingerprint === alert.fingerprint))
          alerts.push({ alert: plain(alert), by: runbook?.name ?? null, isTold, ...position() });
        firing.add(alert.fingerprint);
      }
      over = null;
    },

    resolved({ fingerprint }) {
      firing.delete(fingerprint);
      if (firing.size === 0) over ??= { ...position(), questions: questions.length };
    },

    decided({ decision, by, reason }) {
      const question = questions.at(-1);
      if (!question) return;
      question.answer = {
        decision,
        by: typeof by === 'string' ? by : { ...by, groups: [...by.groups] },
        ...(reason === undefined ? {} : { reason }),
      };
    },

    recorded: () => ({ alerts, pinned, over, scenes, questions, course: timelineOf(moments) }),
  };
}

function emptyScene(): Open {
  return { looks: [], failedPlans: [], surroundings: null, refusals: [], isRefused: false, end: null };
}

function failureOf(end: Ended): RecordedFailure | null {
  return end.kind === 'failed' ? end.failure : null;
}

/** Without who raised it, who decides nothing here. */
function plain({ name, status, fingerprint, labels, annotations, startsAt, series }: Alert): RecordedIncident['alerts'][number]['alert'] {
  return { name, status, fingerprint, labels, annotations, ...(startsAt ? { startsAt } : {}), ...(series ? { series } : {}) };
}
