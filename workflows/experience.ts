import { allHandlersFinished, condition, continueAsNew, log, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Lesson } from '../incident/experience/lesson.ts';
import { learned } from '../incident/experience/lessons.ts';
import type { Experience } from '../incident/experience/record.ts';
import { openCommandTrail } from './command-trail.ts';
import { experienceText } from './experience-text.ts';
import * as messages from './messages.ts';

/** Keeps what was learned of one failure type in one cluster, and never ends. */
export async function experience(input: messages.ExperienceInput): Promise<never> {
  const { cluster, failureType } = input;
  let known = input.experience;
  const trail = openCommandTrail(input.unwritten);

  setHandler(messages.lessonLearned, (lesson) => {
    known = afterLesson(known, lesson);
  });
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
