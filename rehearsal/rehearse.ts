import { setTimeout as pause } from 'node:timers/promises';
import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Examination, PlanAnswer } from '../activities/healing.ts';
import type { Cluster } from '../clients/cluster.ts';
import type { Alert } from '../incident/alert.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import type { Target } from '../incident/target.ts';
import type { Policy } from '../workflows/carried.ts';
import { alertResolved, alertsFired, type DecisionCall, decide, type IncidentInput } from '../workflows/messages.ts';
import type { Stage } from './stage.ts';
import { type Moment, type Timeline, timelineOf } from './timeline.ts';
import type { Cue } from './worlds.ts';

const LOOK_EVERY_MS = 20;
/** A rollout that is waited for takes ten seconds, and a person who may not decide a minute. */
const WITHIN_MS = 180_000;

/** An alert, and what it would begin. */
export interface Called {
  readonly alert: Alert;
  readonly policy: Policy;
}

/** An alert that joins later. */
export interface DueCall extends Called {
  readonly isDue: () => boolean;
}

/** An incident that is to be played. */
export interface Play {
  readonly target: Target;
  /** It begins with this. */
  readonly first: Called;
  readonly later?: readonly DueCall[];
  readonly cluster: Cluster;
  /** What answers in place of activities. */
  readonly cue: Cue;
  /** What is said to the next question; null: nothing. */
  readonly answer: () => Omit<DecisionCall, 'plan'> | null;
  /** By what was played so far, the alerts are over. What was asked so far is counted. */
  readonly areAlertsOver: (questions: number) => boolean;
  /** Why it cannot be told what comes next, as a sentence; null as long as it can. */
  readonly stopped: () => string | null;
}

let plays = 0;

/** Plays one incident on the real workflows and activities. It ends when the incident is closed, or nobody can tell what comes next. */
export async function rehearse({ client, worlds }: Stage, play: Play): Promise<Timeline> {
  // A cluster of its own, so that its permit office knows of no other incident.
  const cluster = `rehearsal-${process.pid}-${++plays}`;
  const workflowId = `rehearsed/${cluster}`;
  const moments: Moment[] = [];
  const people = openPeople(play);
  const note = (moment: Moment) => {
    if (play.stopped() === null && people.stopped() === null) moments.push(moment);
  };
  worlds.enter(workflowId, cluster, {
    kubernetes: play.cluster,
    registries: new Map(),
    channels: {
      escalationWebhooks: [],
      log: () => undefined,
      writeAudit(entry) {
        note({ kind: 'written', entry });
        people.hear(entry);
        return '';
      },
    },
    cue: (activity, args, next) => watched(activity, () => beside(activity, () => play.cue(activity, args, next)), note),
  });
  const { first } = play;
  const handle = await client.workflow.signalWithStart(first.policy.runbook.failureType, {
    workflowId,
    taskQueue: worlds.taskQueue,
    args: [{ target: { ...play.target, cluster }, ...first.policy } satisfies IncidentInput],
    signal: alertsFired,
    signalArgs: [[first.alert], first.policy],
  });
  const end = await untilEnd(handle, play, people);
  const steps = timelineOf(moments);
  return end === null ? steps : [...steps, { kind: 'stopped', why: end }];
}

/** Why it was stopped, as a sentence; null where the incident came to its end. */
async function untilEnd(handle: WorkflowHandle, play: Play, people: ReturnType<typeof openPeople>): Promise<string | null> {
  const ended = handle.result().then(
    () => true,
    () => true,
  );
  const lateMs = Date.now() + WITHIN_MS;
  for (;;) {
    const why =
      play.stopped() ?? people.stopped() ?? (Date.now() > lateMs ? `It did not come to its end within ${WITHIN_MS / 1000} s.` : null);
    if (why !== null) {
      await handle.terminate(why).catch(() => undefined);
      return why;
    }
    if (await Promise.race([ended, pause(LOOK_EVERY_MS, false)])) return play.stopped();
    await people.act(handle);
  }
}

/** What people, and whoever sends alerts, do about what the incident tells. */
function openPeople({ first, later = [], answer, areAlertsOver }: Play) {
  const firing: Called[] = [first];
  const coming = [...later];
  const questions: string[] = [];
  let asked = 0;
  let isDone = false;
  let isResolved = false;
  let stopped: string | null = null;

  /** An incident that is over meanwhile asks nothing any more. */
  async function decideOn(handle: WorkflowHandle, call: DecisionCall): Promise<void> {
    try {
      await handle.executeUpdate(decide, { args: [call] });
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) return;
      stopped = `The word of ${typeof call.by === 'string' ? call.by : call.by.name} does not count now (${error.cause?.message}); what others would say nobody can tell.`;
    }
  }

  return {
    hear({ step, plan, result }: AuditEntry): void {
      if (step === 'Asked' && plan !== undefined) {
        asked++;
        questions.push(plan);
      }
      if (step === 'Escalated' || (step === 'Verified' && result?.kind === 'recovered')) isDone = true;
    },

    stopped: () => stopped,

    async act(handle: WorkflowHandle): Promise<void> {
      const plan = questions.shift();
      const said = plan === undefined ? null : answer();
      if (plan !== undefined && said !== null) await decideOn(handle, { plan, ...said });
      // They join in their order.
      while (coming[0]?.isDue()) {
        const { alert, policy } = coming.shift()!;
        firing.push({ alert, policy });
        await handle.signal(alertsFired, [alert], policy).catch(() => undefined);
      }
      if (isResolved || !(isDone || areAlertsOver(asked))) return;
      isResolved = true;
      for (const { alert } of firing) await handle.signal(alertResolved, { ...alert, status: 'resolved' }).catch(() => undefined);
    },
  };
}

/** What would be done beside the target is not: no registry is there, and a rehearsal teaches nothing. */
function beside(activity: string, next: () => Promise<unknown>): Promise<unknown> {
  if (activity === 'confirmModelVersion') return Promise.resolve([]);
  return activity === 'learn' ? Promise.resolve(undefined) : next();
}

async function watched(activity: string, next: () => Promise<unknown>, note: (moment: Moment) => void): Promise<unknown> {
  const done = await next();
  if (activity === 'examine') note({ kind: 'looked', diagnosis: (done as Examination).diagnosis });
  const answer = activity === 'planAct' ? (done as PlanAnswer) : null;
  if (answer?.kind === 'plan') note({ kind: 'planned', plan: answer.plan });
  return done;
}
