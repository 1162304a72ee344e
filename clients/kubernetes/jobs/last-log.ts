import type { CoreV1Api, V1Pod } from '@kubernetes/client-node';
import type { RunPod } from '../../../incident/pipeline.ts';
import { abortedBy, openDeadline } from '../deadline.ts';
import { endOf, failedContainer } from './job-seen.ts';

const ANSWER_MS_MAX = 2_000;
const LINES_MAX = 20;

/** Programs that leave no termination message have said something in their log: so the newest pod that failed is asked for it. */
export async function withLastWords(core: CoreV1Api, shown: readonly RunPod[], pods: readonly V1Pod[]): Promise<readonly RunPod[]> {
  const failed = pods.find(({ status }) => status?.phase === 'Failed');
  if (failed === undefined || shown.some(({ said }) => said !== null)) return shown;
  const said = await lastLog(core, failed);
  return shown.map((pod) => (pod.uid === failed.metadata?.uid ? { ...pod, said } : pod));
}

/** The end of the log of a pod's failed container, with secrets struck out; null where it left none or it cannot be read. */
export async function lastLog(core: CoreV1Api, pod: V1Pod): Promise<string | null> {
  const container = failedContainer(pod)?.name;
  const { namespace, name } = pod.metadata ?? {};
  if (!container || !namespace || !name) return null;
  const deadline = openDeadline(ANSWER_MS_MAX);
  try {
    const asked = core.readNamespacedPodLog({ namespace, name, container, tailLines: LINES_MAX }, abortedBy(deadline));
    return endOf(await deadline.orLate(asked));
  } catch {
    // Its node may be gone, or its log taken away: that nothing is known of it is told by the null.
    return null;
  } finally {
    deadline.end();
  }
}
