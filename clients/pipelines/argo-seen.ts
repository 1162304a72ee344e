import { gunzipSync } from 'node:zlib';
import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import type { PipelineRun, RunPod, RunState, Schedule } from '../../incident/pipeline.ts';
import { readAnswer } from '../http/read-answer.ts';
import { SUSPENDED_BY } from '../kubernetes/jobs/job-marks.ts';
import { memoryOfResources, Resources } from './container-memory.ts';
import { Metadata, moment, runBegun, saidOf } from './run-object.ts';

const NODE_NAME = 'workflows.argoproj.io/node-name';
/** The container of a step that is not a set of them. */
const MAIN = 'main';
/** What Argo puts beside it in every pod. */
const OWN_CONTAINERS = ['wait', 'init'];
const MESSAGES_MAX = 3;
/** By the controller, by its `retryStrategy`, and by the kubelet. */
const DEADLINE = /exceeded its deadline|max duration limit exceeded|longer than the specified deadline/i;

const Step = z.object({ resources: Resources });
const Template = z.object({
  name: z.string().default(''),
  container: Step.nullish(),
  script: Step.nullish(),
  suspend: z.object({ duration: z.string().nullish() }).nullish(),
});
const templates = z.array(Template).default([]);
const Spec = z.object({ templates, suspend: z.boolean().nullish(), shutdown: z.string().nullish() });

const Node = z.object({
  name: z.string(),
  displayName: z.string().default(''),
  type: z.string(),
  phase: z.string().default(''),
  message: z.string().default(''),
  templateName: z.string().default(''),
  templateRef: z.object({ template: z.string().default('') }).nullish(),
  finishedAt: moment,
});
type Node = z.infer<typeof Node>;
const Nodes = z.record(z.string(), Node);

const Workflow = z.object({
  metadata: Metadata,
  spec: Spec,
  status: z
    .object({
      phase: z.string().default(''),
      startedAt: moment,
      finishedAt: moment,
      message: z.string().default(''),
      nodes: Nodes.nullish(),
      compressedNodes: z.string().nullish(),
      storedWorkflowTemplateSpec: Spec.nullish(),
    })
    .nullish(),
});
type Workflow = z.infer<typeof Workflow>;

const CronWorkflow = z.object({
  metadata: Metadata,
  spec: z.object({
    workflowSpec: Spec,
    schedule: z.string().nullish(),
    schedules: z.array(z.string()).nullish(),
    concurrencyPolicy: z.string().nullish(),
    suspend: z.boolean().nullish(),
  }),
  status: z.object({ lastScheduledTime: moment }).nullish(),
});

export function workflowOf(object: unknown): Workflow {
  return readAnswer(Workflow, object, 'A Workflow');
}

export function cronWorkflowOf(object: unknown): z.infer<typeof CronWorkflow> {
  return readAnswer(CronWorkflow, object, 'A CronWorkflow');
}

/** @param withStored what its WorkflowTemplate said can be written into a further run of it, and so be changed */
export function runOf(workflow: Workflow, withStored: boolean): PipelineRun {
  const { metadata, spec, status } = workflow;
  const pods = nodesOf(workflow).filter(({ type }) => type === 'Pod');
  const count = (...phases: readonly string[]) => pods.filter(({ phase }) => phases.includes(phase)).length;
  const failed = pods.filter(isFailed).toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
  const words = failed.slice(0, MESSAGES_MAX).map(({ displayName, message }) => `${displayName}: ${message}`);
  const state = stateOf(workflow);
  return {
    ...runBegun(metadata),
    state,
    reason: state === 'failed' ? reasonOf(status, failed) : null,
    message: state === 'failed' ? saidOf([status?.message ?? '', ...words].filter(Boolean).join('\n')) : null,
    active: count('Running'),
    succeeded: count('Succeeded'),
    failed: count('Failed', 'Error'),
    startedMs: status?.startedAt ?? null,
    endedMs: status?.finishedAt ?? null,
    outOfMemory: state === 'failed' && failed.some(({ message }) => message.includes('OOMKilled')),
    memory: memoryOfTemplates(withStored ? (status?.storedWorkflowTemplateSpec ?? spec) : spec),
  };
}

export function scheduleOf({ metadata, spec, status }: z.infer<typeof CronWorkflow>): Schedule {
  const isOurs = metadata.annotations[SUSPENDED_BY] !== undefined;
  return {
    cron: spec.schedules?.join(', ') || spec.schedule || '',
    suspendedBy: spec.suspend ? (isOurs ? 'paramedic' : 'person') : null,
    concurrency: spec.concurrencyPolicy || 'Allow',
    lastMs: status?.lastScheduledTime ?? null,
  };
}

/** By step: in a pod each of them is called `main`. */
export function memoryOfTemplates({ templates }: z.infer<typeof Spec>): PipelineRun['memory'] {
  return Object.fromEntries(
    templates.flatMap(({ name, container, script }) => {
      const step = container ?? script;
      return step ? [[name, memoryOfResources(step.resources)]] : [];
    }),
  );
}

/** The containers of a pod by the step that it is, as templates name it. */
export function byStep({ metadata }: V1Pod, pod: RunPod, run: unknown): RunPod {
  const node = nodesOf(workflowOf(run)).find(({ name }) => name === metadata?.annotations?.[NODE_NAME]);
  const step = node?.templateName || node?.templateRef?.template;
  if (!step) return pod;
  const containers = pod.containers.map((one) => {
    if (OWN_CONTAINERS.includes(one.name)) return one;
    return { ...one, name: one.name === MAIN ? step : `${step}/${one.name}` };
  });
  return { ...pod, containers };
}

/** It can be retried. */
export function hasFailed({ status }: Workflow): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Error';
}

function stateOf(workflow: Workflow): RunState {
  const { spec, status } = workflow;
  if (status?.phase === 'Succeeded') return 'completed';
  // Terminating or stopping it is a person's word, and it then fails by that.
  if (hasFailed(workflow)) return spec.shutdown ? 'stopped' : 'failed';
  return spec.suspend || waitsForPerson(workflow) ? 'suspended' : 'running';
}

/** A step that suspends it until somebody resumes it; one with a duration goes on by itself. */
function waitsForPerson(workflow: Workflow): boolean {
  const { templates } = workflow.status?.storedWorkflowTemplateSpec ?? workflow.spec;
  const goesOn = (name: string) => templates.some((one) => one.name === name && one.suspend?.duration);
  return nodesOf(workflow).some(({ type, phase, templateName }) => type === 'Suspend' && phase === 'Running' && !goesOn(templateName));
}

/** Of the Workflow it is often only told that a step failed. */
function reasonOf(status: Workflow['status'], failed: readonly Node[]): string {
  const isLate = DEADLINE.test(status?.message ?? '') || (failed.length > 0 && failed.every(({ message }) => DEADLINE.test(message)));
  return isLate ? 'DeadlineExceeded' : (status?.phase ?? '');
}

function isFailed({ phase }: Node): boolean {
  return phase === 'Failed' || phase === 'Error';
}

/** Of a large Workflow they are compressed; where they are kept in a database they are not in the object at all. */
function nodesOf({ metadata, status }: Workflow): readonly Node[] {
  if (!status?.compressedNodes) return Object.values(status?.nodes ?? {});
  const text = gunzipSync(Buffer.from(status.compressedNodes, 'base64')).toString();
  return Object.values(readAnswer(Nodes, JSON.parse(text), `The nodes of Workflow ${metadata.name}`));
}
