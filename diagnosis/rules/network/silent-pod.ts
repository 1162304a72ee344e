import { type Evidence, isWorkload } from '../../../incident/evidence.ts';
import type { Rule } from '../../rule.ts';

/** A pod that starts is not ready for a while, too. */
const SILENT_MS = 120_000;

/** One pod runs and does not answer, while siblings of its release do: it is stale, and a new one takes its place. */
export const silentPod: Rule<Evidence> = (evidence, { paths }) => {
  if (!isWorkload(evidence) || paths.kind !== 'read' || paths.value === null) return null;
  const [pod, ...others] = evidence.pods.filter(({ ready }) => !ready);
  if (!pod || others.length > 0) return null;
  const { readAtMs, silent } = paths.value;
  const since = silent.find(({ name }) => name === pod.name)?.sinceMs;
  if (since === undefined || readAtMs - since < SILENT_MS) return null;
  const siblings = evidence.pods.filter(({ ready, release }) => ready && release === pod.release);
  if (siblings.length === 0) return null;
  return {
    cause: 'flake',
    confidence: 'possible',
    reason: `${pod.name} runs and has not been ready since ${new Date(since).toISOString()}, while ${siblings.length} pods of the same release are.`,
  };
};
