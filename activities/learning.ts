import type { ExperienceKeeper } from '../clients/experiences.ts';
import type { Lesson } from '../incident/experience/lesson.ts';
import type { FailureType } from '../incident/failure-type.ts';
import { asActivityFailure } from './failures.ts';

export function learningActivities(experiences: Pick<ExperienceKeeper, 'learn'>) {
  return {
    /** Has what an incident teaches kept; the same incident teaches once, however often this is called. */
    learn(failureType: FailureType, lesson: Lesson): Promise<void> {
      return asActivityFailure(() => experiences.learn({ cluster: lesson.target.cluster, failureType }, lesson));
    },
  };
}
