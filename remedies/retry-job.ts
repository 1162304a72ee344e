import type { JobEvidence, JobRun } from '../incident/job.ts';
import type { ContainerMemory } from '../incident/memory.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { type Planned, unusable } from './planned.ts';
import { raisedMemory } from './raise-memory.ts';

/** Kubernetes allows no longer name where pods carry it as a label. */
const NAME_CHARACTERS_MAX = 63;

/** Does once more what failed, in a Job of its own; the failed one stays as it is. */
export function retryJob(evidence: JobEvidence): Planned {
  return furtherRun(evidence, (failed) => ({ memory: keptMemory(failed, evidence), why: `Job ${failed.name} failed.` }));
}

/** The same with more memory for the container that was OOM-killed, by the runbook's factor and never past its ceiling. */
export function retryJobWithMoreMemory(evidence: JobEvidence, limits: Runbook['memory']): Planned {
  return furtherRun(evidence, (failed) => {
    const killed = evidence.pods.flatMap((pod) => pod.containers).find((one) => one.lastExit?.reason === 'OOMKilled');
    if (!killed) return 'No container was seen OOM-killed.';
    const raised = raisedMemory(killed.name, failed.memory[killed.name], limits);
    if (raised.kind === 'unusable') return raised.reason;
    return { memory: { ...keptMemory(failed, evidence), [killed.name]: raised.to }, why: raised.why };
  });
}

/** @param asked what the run asks for, and why, or why there can be none */
function furtherRun(
  { kind, name, controller, schedule, runs }: JobEvidence,
  asked: (failed: JobRun) => { readonly memory: Readonly<Record<string, ContainerMemory>>; readonly why: string } | string,
): Planned {
  const [failed] = runs;
  if (failed?.state !== 'failed') return unusable(`The newest run of ${kind} ${name} has not failed.`);
  if (controller !== null) return unusable(`${controller} owns ${kind} ${name}, and starts its runs.`);
  const running = runs.find(({ state }) => state === 'running');
  if (running && schedule?.concurrency !== 'Allow') return unusable(`Job ${running.name} is under way, and two are not to run at once.`);
  const run = asked(failed);
  if (typeof run === 'string') return unusable(run);
  const { memory, why } = run;
  return { kind: 'change', change: { kind: 'jobRun', from: null, to: { name: nextName(name, runs), memory } }, why };
}

/** The name of the next retry: the same as long as no other was made, so that the API server lets two of one plan never stand. */
function nextName(name: string, runs: readonly JobRun[]): string {
  const numbers = runs.flatMap((run) => (run.isRetry ? Number(/-retry-(\d+)$/.exec(run.name)?.[1] ?? 0) : []));
  const suffix = `-retry-${Math.max(0, ...numbers) + 1}`;
  return `${name.slice(0, NAME_CHARACTERS_MAX - suffix.length).replace(/[^a-z0-9]+$/, '')}${suffix}`;
}

/** What an earlier retry was given stays given. */
function keptMemory({ isRetry, memory: given }: JobRun, { memory }: JobEvidence): Readonly<Record<string, ContainerMemory>> {
  if (!isRetry) return {};
  return Object.fromEntries(Object.entries(given).filter(([container, { limit }]) => limit !== memory[container]?.limit));
}
