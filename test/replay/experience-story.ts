import type { WorkflowHandle } from '@temporalio/client';
import { experienceWorkflowId } from '../../incident/experience/record.ts';
import { experienceKeeper } from '../../worker/experiences.ts';
import { judgeIncident, resetExperience } from '../../workflows/messages.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, sickPod } from '../evidence.ts';
import { lesson, times, tried } from '../incident/experience/stories.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, runbook, runIncident, type Stage } from '../workflows/incident-run.ts';

/** What `playExperience` leaves to be recorded. */
export const EXPERIENCE_HISTORIES = ['experience', 'pod-crash-learned'] as const;

const { served } = failingModelServer();
const failing = evidence({ pods: [sickPod({})], replicasReady: 0, served: { ...served, wanted: BAD_URI, serving: [], before: GOOD_URI } });
const well = evidence({ served: { ...served, wanted: GOOD_URI, serving: [GOOD_URI] } });

/** What earlier incidents taught, one that goes by it and teaches in its turn, and what people say of it. */
export async function playExperience(stage: Stage): Promise<Readonly<Record<(typeof EXPERIENCE_HISTORIES)[number], WorkflowHandle>>> {
  const { client } = stage.environment;
  const target = newTarget();
  const of = { cluster: target.cluster, failureType: 'podCrash' as const };
  const keeper = experienceKeeper(client, (await stage.worker()).taskQueue);
  const lessons = [
    ...times(3, () => lesson([tried('rollBackModel', 'recovered', 1)])),
    ...times(8, () => lesson([tried('rollBackModel', 'failed'), tried('undoRelease', 'recovered', 1)])),
  ];
  for (const one of lessons) await keeper.learn(of, one);
  const isLearned = (count: number) => async () => (await keeper.kept(of))?.incidents.length === count;
  await until('all is learned', isLearned(lessons.length));
  const chosen = runbook('podCrash', { remedies: ['rollBackModel', 'undoRelease'] });
  const { workflowId } = await runIncident(stage, chosen, scriptedCluster([failing, well]), target);
  await until('the incident has taught', isLearned(lessons.length + 1));
  const experience = client.workflow.getHandle(experienceWorkflowId(of.cluster, of.failureType));
  const who = { by: 'anna', reason: 'a rehearsal' };
  await experience.executeUpdate(judgeIncident, { args: [{ incident: workflowId, says: 'wrong', cause: 'bad-node', ...who }] });
  await experience.executeUpdate(judgeIncident, { args: [{ incident: 'outage/nowhere', says: 'right', ...who }] }).catch(() => undefined);
  await experience.executeUpdate(resetExperience, { args: [{ remedy: 'rollBackModel', ...who }] });
  return { experience, 'pod-crash-learned': client.workflow.getHandle(workflowId) };
}
