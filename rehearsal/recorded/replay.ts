import type { Target } from '../../incident/target.ts';
import type { LoadedRunbooks } from '../../runbooks/load.ts';
import { Runbook } from '../../runbooks/schema.ts';
import { type Call, callFor } from '../called.ts';
import { type DueCall, rehearse } from '../rehearse.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import type { Stage } from '../stage.ts';
import { type Timeline, timelineDiff } from '../timeline.ts';
import type { RecordedIncident } from './recorded.ts';
import { openRecorded } from './script.ts';

type Joined = RecordedIncident['alerts'][number];

/** By what a recorded incident is played. */
export interface ReplayRules {
  /** Only this one, whatever its alerts match. */
  readonly runbook?: Runbook | undefined;
  /** By the very runbook it had, so that only code can differ. */
  readonly pinned?: true | undefined;
}

/** A recorded incident, and what comes of it now. */
export interface Replay {
  readonly incident: string;
  readonly run: string;
  readonly runbook: { readonly was: string /** Null: none takes it. */; readonly now: string | null };
  readonly same: boolean;
  readonly was: Timeline;
  readonly now: Timeline;
  /** What to know of the comparison, a sentence each. */
  readonly notes: readonly string[];
}

/** Plays a recorded incident once more, as far as what was recorded tells. */
export async function replay(
  stage: Stage,
  recorded: RecordedIncident,
  loaded: Pick<LoadedRunbooks, 'runbooks' | 'limits'>,
  rules: ReplayRules,
): Promise<Replay> {
  const { incident, run, target, course, questions } = recorded;
  const notes: string[] = [];
  const isAnswered = questions.some(({ answer }) => answer !== null);
  const take = (joined: Joined): Call =>
    callFor(joined.alert, target as Target, loaded, { isAnswered, runbook: chosen(recorded, joined, loaded, rules, notes) });
  const [first, ...others] = alertsOf(recorded);
  const call = take(first);
  const shown = { incident, run, was: course, notes };
  if (call.kind === 'notTaken') return { ...shown, runbook: { was: recorded.runbook.name, now: null }, same: false, now: [call] };
  const script = openRecorded(recorded);
  const later = others.flatMap((joined): DueCall[] => {
    const one = take(joined);
    return one.kind === 'called' ? [{ ...one.called, isDue: () => script.isPast(joined) }] : [];
  });
  const now = await rehearse(stage, {
    ...{ target: target as Target, first: call.called, later },
    ...{ cluster: scriptedCluster(script), cue: script.cue, answer: script.answer },
    ...{ areAlertsOver: script.areAlertsOver, stopped: script.stopped },
  });
  const same = timelineDiff(course, now).every(({ in: where }) => where === 'both');
  return { ...shown, runbook: { was: recorded.runbook.name, now: call.runbook.name }, same, now };
}

/** An incident may have begun with no alert that its history knows. */
function alertsOf({ alerts, runbook: { name } }: RecordedIncident): [Joined, ...Joined[]] {
  const [first, ...others] = alerts;
  const unknown = { name: '', status: 'firing' as const, fingerprint: 'unknown', labels: {}, annotations: {} };
  return [first ?? { alert: unknown, by: name, isTold: false, scene: 0, looks: 0 }, ...others];
}

/** The runbook that is used whatever the alert matches; undefined: the one that it matches. */
function chosen(
  { pinned }: RecordedIncident,
  { alert, by, isTold }: Joined,
  { runbooks }: Pick<LoadedRunbooks, 'runbooks'>,
  rules: ReplayRules,
  notes: string[],
): Runbook | undefined {
  if (rules.runbook) return rules.runbook;
  if (rules.pinned) {
    const { data: old } = Runbook.safeParse(by === null ? undefined : pinned[by]);
    if (!old) throw new Error(`Cannot replay by the runbook ${by ?? 'of an alert'} as it was pinned: it is none by the rules of today.`);
    return old;
  }
  // A history does not keep the rule of an alert, nor what else a person raised it by.
  const today = runbooks.find(({ name }) => name === by);
  if (isTold || !today) return undefined;
  const note = `Why the alert "${alert.name}" was taken by ${by} is not in the history; it is taken by ${by} now, too.`;
  if (!notes.includes(note)) notes.push(note);
  return today;
}
