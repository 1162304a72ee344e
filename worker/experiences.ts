import type { Client } from '@temporalio/client';
import type { ExperienceKeeper, ExperienceRef } from '../clients/experiences.ts';
import { experienceWorkflowId, NO_EXPERIENCE } from '../incident/experience/record.ts';
import { type ExperienceInput, experienceOf, keptExperience, lessonLearned } from '../workflows/messages.ts';
import { orNullIfGone } from './or-null-if-gone.ts';

/** A worker answers within milliseconds, and an incident must not be held up by what it can do without. */
const ANSWER_WITHIN_MS = 2_000;

/** What was learned, as workflows of the Temporal that the client reaches. @param taskQueue of a worker of the cluster */
export function experienceKeeper(client: Pick<Client, 'workflow' | 'withDeadline'>, taskQueue: string): ExperienceKeeper {
  const handleOf = ({ cluster, failureType }: ExperienceRef) => client.workflow.getHandle(experienceWorkflowId(cluster, failureType));
  const soon = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
  return {
    async recall(of, cause, kind) {
      return (await orNullIfGone(() => soon(() => handleOf(of).query(experienceOf, cause, kind)))) ?? [];
    },

    kept: (of) => orNullIfGone(() => soon(() => handleOf(of).query(keptExperience))),

    async learn(of, lesson) {
      await client.workflow.signalWithStart('experience', {
        ...startOfExperience(of, taskQueue),
        signal: lessonLearned,
        signalArgs: [lesson],
      });
    },
  };
}

/** How what is learned of a failure type is begun to be kept. */
export function startOfExperience({ cluster, failureType }: ExperienceRef, taskQueue: string) {
  const args: [ExperienceInput] = [{ cluster, failureType, experience: NO_EXPERIENCE }];
  return {
    workflowId: experienceWorkflowId(cluster, failureType),
    taskQueue,
    args,
    staticSummary: `What was learned of ${failureType} in cluster ${cluster}`,
    staticDetails: [
      'What each remedy came to, for each cause. It changes the order in which remedies are tried, within the runbooks.',
      'Updates for people: `judge` with {"incident": "outage/prod/ml/Deployment/ranker", "says": "wrong", "cause": "bad-node", "by": "anna", "reason": "…"} (says: right or wrong; either of says and cause may be left out), `reset` with {"cause": "flake", "remedy": "restart", "by": "anna", "reason": "…"} or {"all": true, …}.',
    ].join('\n\n'),
  };
}
