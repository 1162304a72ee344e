import type { ContainerMemory } from '../incident/memory.ts';
import { onlyLimited, type PipelineEvidence, type PipelineRun } from '../incident/pipeline.ts';
import type { PipelineKind } from '../incident/target.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';
import { raisedMemory } from './raise-memory.ts';

/** Kubernetes allows no longer name where pods carry it as a label. */
const NAME_CHARACTERS_MAX = 63;
/** JobSet adds up to so many less than that to it, for each of its pods: `-dataset-initializer-0-0-abcde`. */
const NAME_CHARACTERS_SURE = 33;

/** Vertex AI names a job by its pipeline and the moment, which must not be cut off. */
const JOB_CHARACTERS_MAX = 127;

const NOT_TOLD = 'It is not told which part of it lacked memory, or how much it may have.';

/** Does once more what failed: in a run of its own, where the failed one stays as it is, or in the same run. */
export function retryRun(evidence: PipelineEvidence): Planned {
  const isFurther = evidence.retriedBy === 'furtherRun';
  return planned(evidence, (failed) => ({
    how: isFurther ? 'furtherRun' : 'sameRun',
    memory: isFurther ? keptMemory(failed, evidence) : {},
    why: `Run ${failed.name} failed.`,
  }));
}

/** The same with more memory for the container that was OOM-killed, by the runbook's factor and never past its ceiling. */
export function retryRunWithMoreMemory(evidence: PipelineEvidence, limits: Runbook['memory']): Planned {
  return planned(evidence, (failed) => {
    if (evidence.retriedBy === 'sameRun') return `The steps of ${failed.name} cannot be given more memory while the run goes on.`;
    const killed = killedContainer(evidence, failed);
    if (killed === null) return failed.outOfMemory ? NOT_TOLD : 'No container was seen OOM-killed.';
    const raised = raisedMemory(killed, failed.memory[killed], limits);
    if (raised.kind === 'unusable') return raised.reason;
    return { how: 'furtherRun', memory: { ...keptMemory(failed, evidence), [killed]: raised.to }, why: raised.why };
  });
}

/** The container that lacked memory, as its pod tells, or else as far as it can be no other. */
function killedContainer({ pods }: PipelineEvidence, failed: PipelineRun): string | null {
  const seen = pods.flatMap((pod) => pod.containers).find((one) => one.lastExit?.reason === 'OOMKilled');
  return seen?.name ?? (failed.outOfMemory ? (onlyLimited(failed)?.name ?? null) : null);
}

/** How it is done once more, with what, and why, or why it cannot be. */
type Asked =
  | { readonly how: 'furtherRun' | 'sameRun'; readonly memory: Readonly<Record<string, ContainerMemory>>; readonly why: string }
  | string;

function planned(evidence: PipelineEvidence, ask: (failed: PipelineRun) => Asked): Planned {
  const { kind, name, controller, schedule, runs } = evidence;
  const [failed] = runs;
  if (failed?.state !== 'failed') return unusable(`The newest run of ${kind} ${name} has not failed.`);
  if (controller !== null) return unusable(`${controller} owns ${kind} ${name}, and starts its runs.`);
  const running = runs.find(({ state }) => state === 'running');
  if (running && schedule?.concurrency !== 'Allow') return unusable(`Run ${running.name} is under way, and two are not to run at once.`);
  const asked = ask(failed);
  if (typeof asked === 'string') return unusable(asked);
  const { how, memory, why } = asked;
  const { tries, endedMs } = failed;
  if (how === 'sameRun') return { kind: 'change', change: { kind: 'sameRun', run: { name: failed.name, tries, endedMs } }, why };
  return { kind: 'change', change: { kind: 'furtherRun', from: null, to: { name: nextName(evidence), memory } }, why };
}

/** The name of the next retry: the same as long as no other was made, so that the API server lets two of one plan never stand. */
function nextName({ kind, name, runs }: PipelineEvidence): string {
  const numbers = runs.flatMap((run) => (run.isRetry ? Number(/-retry-(\d+)$/.exec(run.name)?.[1] ?? 0) : []));
  const suffix = `-retry-${Math.max(0, ...numbers) + 1}`;
  return `${name.slice(0, charactersMax(kind, name) - suffix.length).replace(/[^a-z0-9]+$/, '')}${suffix}`;
}

/** What trains gives its pods longer names, so that one of the target's own length is known to do. */
function charactersMax(kind: PipelineKind, name: string): number {
  if (kind === 'TrainJob' || kind === 'PyTorchJob') return Math.max(name.length, NAME_CHARACTERS_SURE);
  return kind === 'VertexPipelineJob' ? JOB_CHARACTERS_MAX : NAME_CHARACTERS_MAX;
}

/** What an earlier retry was given stays given. */
function keptMemory({ isRetry, memory: given }: PipelineRun, { memory }: PipelineEvidence): Readonly<Record<string, ContainerMemory>> {
  if (!isRetry) return {};
  return Object.fromEntries(Object.entries(given).filter(([container, { limit }]) => limit !== memory[container]?.limit));
}
