import type { ContainerSeen } from '../incident/evidence.ts';
import type { PipelineEvidence, PipelineRun, RunPod } from '../incident/pipeline.ts';

/** A newest run that failed, with what is left of it. */
export interface FailedRun {
  readonly run: PipelineRun;
  /** Its pods that failed and are still there, newest first. */
  readonly pods: readonly RunPod[];
  /** Exits of their containers that were no success, newest first. */
  readonly exits: readonly { readonly container: ContainerSeen; readonly code: number; readonly reason: string }[];
  /** The last words of the newest that left any, with Kubernetes' own about the run; empty where nobody said anything. */
  readonly words: string;
}

/** The newest run, where it failed; null where it did not. One that its own Job still repeats has not. */
export function failedRun({ runs, pods }: PipelineEvidence): FailedRun | null {
  const [run] = runs;
  if (run?.state !== 'failed') return null;
  const failed = pods.filter(({ phase }) => phase === 'Failed');
  const exits = failed.flatMap(({ containers }) =>
    containers.flatMap((container) => {
      const exit = container.lastExit;
      return exit && exit.code !== 0 ? [{ container, code: exit.code, reason: exit.reason }] : [];
    }),
  );
  return { run, pods: failed, exits, words: failed.find(({ said }) => said !== null)?.said ?? run.message ?? '' };
}

/** The end of the words, as a sentence to add; empty where nothing was said. */
export function quoted(words: string): string {
  const line = words.trim().split('\n').at(-1)?.trim();
  return line ? ` It said: ${line}` : '';
}
