import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Lesson } from '../incident/experience/lesson.ts';
import { forgotten, judged, learned, merged } from '../incident/experience/lessons.ts';
import type { Experience } from '../incident/experience/record.ts';
import type { Row } from '../incident/experience/row.ts';
import type { Person } from '../incident/person.ts';
import { openCommandTrail } from './command-trail.ts';
import { readImport, readJudge, readReset } from './experience-calls.ts';
import { experienceText } from './experience-text.ts';
import * as messages from './messages.ts';

/** What a person's call comes to. */
interface Heard {
  readonly known: Experience;
  /** What it is about, as it is then. */
  readonly rows: readonly Row[];
  /** As a sentence of the audit trail. */
  readonly text: string;
  readonly who: Person;
}

type Hearing = (known: Experience, call: unknown) => Heard;

/** Keeps what was learned of one failure type in one cluster, and never ends. */
export async function experience(input: messages.ExperienceInput): Promise<never> {
  const { cluster, failureType } = input;
  let known = input.experience;
  const trail = openCommandTrail(input.unwritten);

  const enter = (command: string, hear: Hearing) => (call: unknown) => {
    const heard = understood(hear)(known, call);
    known = heard.known;
    trail.note({ command, text: heard.text, who: heard.who });
    return heard.rows;
  };
  const check = (hear: Hearing) => ({ validator: (call: unknown) => void understood(hear)(known, call) });
  // First, since what was told before the first task is worked off as its handler comes, and people speak of what is known.
  setHandler(messages.lessonLearned, (lesson) => {
    known = afterLesson(known, lesson);
  });
  setHandler(messages.judgeIncident, enter('judge', afterJudge), check(afterJudge));
  setHandler(messages.resetExperience, enter('reset', afterReset), check(afterReset));
  setHandler(messages.importExperience, enter('import', afterImport), check(afterImport));
  setHandler(messages.experienceOf, (cause, kind) => known.rows.filter((row) => row.cause === cause && row.kind === kind));
  setHandler(messages.keptExperience, () => known);

  const isDone = () => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  for (;;) {
    const shown = known;
    setCurrentDetails(experienceText(cluster, failureType, shown, Date.now()));
    await condition(() => isDone() || known !== shown);
    if (isDone()) return continueAsNew<typeof experience>({ cluster, failureType, experience: known, unwritten: trail.unwritten() });
  }
}

/** One lesson that makes no sense must not stop the record. */
function afterLesson(known: Experience, lesson: Lesson): Experience {
  try {
    return learned(known, lesson, Date.now());
  } catch (error) {
    log.warn('What an incident teaches cannot be understood and is left out.', { incident: lesson?.incident, error });
    return known;
  }
}

function afterJudge(known: Experience, call: unknown): Heard {
  const { incident, run, judgement, who } = readJudge(call, Date.now());
  const { says, remedy, cause, reason } = judgement;
  const what = [
    ...(says === null ? [] : [`${remedy ?? 'what was done'} was ${says}`]),
    ...(cause === null ? [] : [`the real cause was ${cause}`]),
  ].join(', and ');
  const after = judged(known, { incident, run }, judgement);
  const tried = after.incidents.find((one) => one.judgement === judgement)?.tried ?? [];
  const rows = after.rows.filter((row) => tried.some((act) => act.remedy === row.remedy && (cause ?? act.cause) === row.cause));
  return { known: after, rows, who, text: `${who.name} said of ${incident} that ${what}: ${reason}` };
}

function afterReset(known: Experience, call: unknown): Heard {
  const { cause, remedy, reason, who } = readReset(call);
  const after = forgotten(known, cause, remedy);
  const what = `what was learned${remedy === null ? '' : ` of ${remedy}`}${cause === null ? '' : ` for ${cause}`}`;
  if (after.rows.length === known.rows.length) throw new Error(`Cannot forget ${what}: there is nothing.`);
  return { known: after, rows: after.rows, who, text: `${who.name} had ${what} forgotten: ${reason}` };
}

function afterImport(known: Experience, call: unknown): Heard {
  const { experience: given, way, reason, who } = readImport(call);
  const after = way === 'replace' ? given : merged(known, given, Date.now());
  const how = way === 'replace' ? 'in place of what was known' : 'on top of what was known';
  return {
    known: after,
    rows: after.rows,
    who,
    text: `${who.name} brought in what was learned elsewhere, ${given.rows.length} rows, ${how}: ${reason}`,
  };
}

/** A call that cannot be understood, or cannot be so now, is refused and leaves no trace. */
function understood(hear: Hearing): Hearing {
  return (known, call) => {
    try {
      return hear(known, call);
    } catch (error) {
      throw ApplicationFailure.nonRetryable((error as Error).message, 'CallNotUnderstood');
    }
  };
}
