import { ApplicationFailure } from '@temporalio/common';
import type { Act, Examination, PlanAnswer, Verification } from '../../activities/healing.ts';
import type { GuardName, Permit } from '../../guards/permit.ts';
import { type Change, changeText } from '../../incident/change.ts';
import type { Plan } from '../../incident/plan.ts';
import type { Surroundings } from '../../incident/surroundings.ts';
import type { Verdict } from '../../incident/verdict.ts';
import type { DecisionCall, Saying } from '../../workflows/messages.ts';
import type { Scene, Script } from '../scripted-cluster.ts';
import type { Cue } from '../worlds.ts';
import type { RecordedFailure, RecordedIncident, RecordedLook, RecordedScene } from './recorded.ts';

/** Guards that judge by the incident itself, and so are asked anew; what the others said hung on other incidents, on people or on the time. */
const OWN: readonly GuardName[] = ['opt-out', 'person-at-work', 'sight', 'clocks', 'current-plan', 'gitops', 'blast-radius', 'backoff'];

/** A recorded incident as a rehearsal meets it, for as long as the same is done as then. */
export interface RecordedScript extends Script {
  readonly cue: Cue;
  readonly answer: () => Omit<DecisionCall, 'plan'> | null;
  readonly areAlertsOver: (questions: number) => boolean;
  /** It has come as far as the incident had. */
  readonly isPast: (position: { readonly scene: number; readonly looks: number }) => boolean;
  readonly stopped: () => string | null;
}

export function openRecorded({ scenes, questions, over }: Pick<RecordedIncident, 'scenes' | 'questions' | 'over'>): RecordedScript {
  let at = 0;
  let looks = 0;
  let seen: RecordedLook | null = null;
  let plan: Plan | null = null;
  let verdict: Verdict | null = null;
  let stopped: string | null = null;
  const scene = (): RecordedScene => scenes[at] ?? EMPTY;
  const answers = [...questions];

  function onward(): void {
    at++;
    looks = 0;
  }

  /** From here on nobody knows what the target would be like. */
  function stop(why: string): never {
    stopped ??= why;
    throw ApplicationFailure.nonRetryable(why, 'TargetChanged');
  }

  /** What was recorded never fails by itself; it may be of a time in which something was not looked at. */
  function unfit(error: unknown): never {
    if (error instanceof ApplicationFailure && error.nonRetryable) throw error;
    stop(`What was seen then is not enough for the code of today: ${(error as Error).message}`);
  }

  async function examine(next: () => Promise<unknown>): Promise<unknown> {
    const all = scene().looks;
    if (all.length === 0) stop('It is looked at once more now, which it was not then; what would be seen nobody can tell.');
    seen = all[Math.min(looks, all.length - 1)]!;
    looks = Math.min(looks + 1, all.length);
    if (seen.kind === 'failed') throw failed(seen);
    const { recalled: _own, ...examination } = (await next()) as Examination;
    return seen.recalled === null ? examination : { ...examination, recalled: seen.recalled };
  }

  async function planAct(remedy: string, next: () => Promise<unknown>): Promise<unknown> {
    const failure = scene().failedPlans.find((one) => one.remedy === remedy);
    if (failure) throw failed(failure);
    const answer = (await next()) as PlanAnswer;
    if (answer.kind === 'plan') plan = answer.plan;
    return answer;
  }

  async function apply({ plan: now }: Act, next: () => Promise<unknown>): Promise<unknown> {
    const { end } = scene();
    if (end?.kind !== 'act' || !isSame(end.plan, now))
      stop(`${planText(now)} would be applied now; what would come of that nobody can tell.`);
    verdict = end.verdict;
    if (end.failure === null) return next();
    onward();
    throw failed(end.failure);
  }

  async function undo(change: Change, next: () => Promise<unknown>): Promise<unknown> {
    const { end } = scene();
    if (end?.kind !== 'undo')
      stop(`${changeText(change).after} would be taken back now, which it was not then; what would come of that nobody can tell.`);
    if (end.done) return next();
    onward();
    if (end.failure) throw failed(end.failure);
    return false;
  }

  /** What the guards said that cannot be judged anew. */
  function judged({ kind, ...saying }: Saying): Permit | null {
    if (kind !== 'ask' || !('request' in saying)) return null;
    const { remedy, isApproved, attemptsMade, attempts } = saying.request;
    const { refusals, isRefused } = scene();
    const demotion = refusals.find((one) => one.guard === 'demotion' && one.remedy === remedy);
    if (demotion && !isApproved) return refusal(demotion);
    const last = refusals.at(-1);
    if (!isRefused || !last || last.guard === 'demotion' || OWN.includes(last.guard)) return null;
    // Past the cap of the incident itself it is refused by itself.
    return last.guard === 'attempt-cap' && attemptsMade >= attempts.max ? null : refusal(last);
  }

  return {
    now: () => sceneOf(seen),
    onward,
    stopped: () => stopped,
    isPast: (position) => isPast({ scene: at, looks }, position),
    areAlertsOver: (asked) => over !== null && asked >= over.questions && isPast({ scene: at, looks }, over),

    answer() {
      const question = answers.shift();
      if (!question) stopped ??= 'A person is asked now, and nobody was then; what they would say nobody can tell.';
      else if (plan !== null && question.plan !== null && !isSameText(question.plan, plan))
        stopped ??= `A person is asked about ${planText(plan)} now; what they would say to that nobody can tell.`;
      return question?.answer ?? null;
    },

    async cue(activity, args, next) {
      switch (activity) {
        case 'examine':
          return examine(() => next().catch(unfit));
        case 'planAct':
          return planAct(String(args[1]), () => next().catch(unfit));
        case 'readSurroundings':
          return around(scene().surroundings) ?? next();
        case 'sayToOffice':
          return judged(args[1] as Saying) ?? next();
        case 'applyPlan':
          return apply(args[0] as Act, next);
        case 'undoAct':
          return undo(args[2] as Change, next);
        case 'awaitBeside':
          return verdict ?? UNTOLD;
        case 'awaitRecovery':
          return (args[0] as Verification).before === null ? next() : (verdict ?? UNTOLD);
        default:
          return next();
      }
    },
  };
}

const EMPTY: RecordedScene = { looks: [], failedPlans: [], surroundings: null, refusals: [], isRefused: false, end: null };
const UNTOLD: Verdict = { kind: 'unknown', reason: 'The history holds no verdict.' };

function sceneOf(seen: RecordedLook | null): Scene {
  if (seen?.kind !== 'seen') throw new Error('The history does not tell how the target was.');
  return { evidence: seen.evidence, context: seen.context };
}

function isPast(
  now: { readonly scene: number; readonly looks: number },
  then: { readonly scene: number; readonly looks: number },
): boolean {
  return now.scene > then.scene || (now.scene === then.scene && now.looks >= then.looks);
}

/** As old now as they were then. */
function around(then: Surroundings | null): Surroundings | null {
  if (then === null) return null;
  const { readAtMs, apiServerMs } = then;
  const nowMs = Date.now();
  const shifted = apiServerMs.kind === 'read' ? { ...apiServerMs, value: apiServerMs.value + nowMs - readAtMs } : apiServerMs;
  return { ...then, readAtMs: nowMs, apiServerMs: shifted };
}

function refusal({ guard, reason }: RecordedScene['refusals'][number]): Permit {
  return { kind: 'refused', guard, reason, retryAtMs: null };
}

function failed({ type, message }: RecordedFailure): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}

function isSame(then: Plan, now: Plan): boolean {
  return isSameText({ remedy: then.remedy, ...changeText(then.change) }, now);
}

function isSameText(then: { readonly remedy: string; readonly before: string; readonly after: string }, now: Plan): boolean {
  const { before, after } = changeText(now.change);
  return then.remedy === now.remedy && then.before === before && then.after === after;
}

function planText({ remedy, change }: Plan): string {
  const { before, after } = changeText(change);
  return `${remedy} (${before} → ${after})`;
}
