import type { ContainerMemory } from '../incident/memory.ts';
import type { PipelineEvidence, PipelineRun } from '../incident/pipeline.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';
import { raisedMemory } from './raise-memory.ts';

/** Kubernetes allows no longer name where pods carry it as a label. */
const NAME_CHARACTERS_MAX = 63;

/** Does once more what failed: in a run of its own, where the failed one stays as it is, or in the same run. */
export function retryRun(evidence: PipelineEvidence): Planned {
  return furtherRun(evidence, (failed) => ({ memory: keptMemory(failed, evidence), why: `Run ${failed.name} failed.` }));
}

/** The same with more memory for the container that was OOM-killed, by the runbook's factor and never past its ceiling. */
export function retryRunWithMoreMemory(evidence: PipelineEvidence, limits: Runbook['memory']): Planned {
  return furtherRun(evidence, (failed) => {
    const killed = evidence.pods.flatMap((pod) => pod.containers).find((one) => one.lastExit?.reason === 'OOMKilled');
    if (!killed) return 'No container was seen OOM-killed.';
    const raised = raisedMemory(killed.name, failed.memory[killed.name], limits);
    if (raised.kind === 'unusable') return raised.reason;
    return { memory: { ...keptMemory(failed, evidence), [killed.name]: raised.to }, why: raised.why };
  });
}

/** What a further run asks for, and why, or why there can be none. */
type Asked = { readonly memory: Readonly<Record<string, ContainerMemory>>; readonly why: string } | string;

function furtherRun(evidence: PipelineEvidence, asked: (failed: PipelineRun) => Asked): Planned {
  const { kind, name, controller, schedule, runs } = evidence;
  const [failed] = runs;
  if (failed?.state !== 'failed') return unusable(`The newest run of ${kind} ${name} has not failed.`);
  if (controller !== null) return unusable(`${controller} owns ${kind} ${name}, and starts its runs.`);
  const running = runs.find(({ state }) => state === 'running');
  if (running && schedule?.concurrency !== 'Allow') return unusable(`Run ${running.name} is under way, and two are not to run at once.`);
  if (evidence.retriedBy === 'sameRun') return sameRun(failed, asked(failed));
  const run = asked(failed);
  if (typeof run === 'string') return unusable(run);
  const { memory, why } = run;
  return { kind: 'change', change: { kind: 'furtherRun', from: null, to: { name: nextName(name, runs), memory } }, why };
}

/** Whoever runs it knows which steps are left to do, and with what. */
function sameRun({ name, tries }: PipelineRun, asked: Asked): Planned {
  if (typeof asked === 'string') return unusable(asked);
  if (Object.keys(asked.memory).length > 0) return unusable(`The steps of ${name} cannot be given more memory while the run goes on.`);
  return { kind: 'change', change: { kind: 'sameRun', run: { name, tries } }, why: asked.why };
}

/** The name of the next retry: the same as long as no other was made, so that the API server lets two of one plan never stand. */
function nextName(name: string, runs: readonly PipelineRun[]): string {
  const numbers = runs.flatMap((run) => (run.isRetry ? Number(/-retry-(\d+)$/.exec(run.name)?.[1] ?? 0) : []));
  const suffix = `-retry-${Math.max(0, ...numbers) + 1}`;
  return `${name.slice(0, NAME_CHARACTERS_MAX - suffix.length).replace(/[^a-z0-9]+$/, '')}${suffix}`;
}

/** What an earlier retry was given stays given. */
function keptMemory({ isRetry, memory: given }: PipelineRun, { memory }: PipelineEvidence): Readonly<Record<string, ContainerMemory>> {
  if (!isRetry) return {};
  return Object.fromEntries(Object.entries(given).filter(([container, { limit }]) => limit !== memory[container]?.limit));
}
