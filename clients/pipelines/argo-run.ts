import { z } from 'zod';
import type { MadeRun } from '../../incident/change.ts';
import { readAnswer } from '../http/read-answer.ts';
import { LAST_ACTION, type RawObject } from '../kubernetes/guarded-patch.ts';
import { RETRY_OF, RETRY_OF_UID } from '../kubernetes/jobs/job-marks.ts';
import { Resources, resourcesWith } from './container-memory.ts';
import { marksOf } from './run-object.ts';

const API_VERSION = 'argoproj.io/v1alpha1';
/** Written by Argo for the very run, and for who submitted it. */
const OF_ONE_RUN =
  /^workflows\.argoproj\.io\/(phase|completed|workflow-archiving-status|creator(-.*)?|actor(-.*)?|action|archive-strategy)$/;
const RESUBMITTED = 'workflows.argoproj.io/resubmitted-from-workflow';
const OF_CRON = 'workflows.argoproj.io/cron-workflow';
const INSTANCE = 'workflows.argoproj.io/controller-instanceid';

const Step = z.looseObject({ resources: Resources });
const Template = z.looseObject({ name: z.string().default(''), container: Step.optional(), script: Step.optional() });
const Templates = z.array(Template).optional();

const texts = z.record(z.string(), z.string()).optional();
const Cron = z.looseObject({
  workflowSpec: z.record(z.string(), z.unknown()),
  workflowMetadata: z.object({ labels: texts, annotations: texts }).optional(),
});

type Fields = Readonly<Record<string, unknown>>;

/** A Workflow that does all of another one again, as `argo resubmit` makes it. */
export function runOfWorkflow(source: RawObject, { name, memory }: MadeRun, key: string) {
  const { labels, annotations } = marksOf(source, key);
  const own = Object.fromEntries(Object.entries(labels).filter(([label]) => !OF_ONE_RUN.test(label)));
  return {
    apiVersion: API_VERSION,
    kind: 'Workflow',
    metadata: { name, labels: { ...own, [RESUBMITTED]: source.metadata.name ?? '' }, annotations },
    spec: withMemory(specOf(source, memory), memory),
  };
}

/** A Workflow that a CronWorkflow would make, and which it owns, as `argo submit --from` makes it. */
export function runOfCronWorkflow({ metadata, spec }: RawObject, { name, memory }: MadeRun, key: string) {
  const cron = metadata.name ?? '';
  const { workflowSpec, workflowMetadata } = readAnswer(Cron, spec, `CronWorkflow ${cron}`);
  const instance = metadata.labels?.[INSTANCE];
  return {
    apiVersion: API_VERSION,
    kind: 'Workflow',
    metadata: {
      name,
      labels: {
        ...workflowMetadata?.labels,
        ...(instance ? { [INSTANCE]: instance } : {}),
        [OF_CRON]: cron,
        [RETRY_OF_UID]: metadata.uid,
      },
      annotations: { ...workflowMetadata?.annotations, [RETRY_OF]: cron, [LAST_ACTION]: key },
      ownerReferences: [
        { apiVersion: API_VERSION, kind: 'CronWorkflow', name: cron, uid: metadata.uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: withMemory(workflowSpec, memory),
  };
}

/** What its WorkflowTemplate said when it began is written into it where something of that is to be other than it was. */
function specOf({ spec, status }: RawObject, memory: MadeRun['memory']): Fields {
  const { shutdown: _shutdown, suspend: _suspend, activeDeadlineSeconds, ...rest } = spec;
  const stored = (status as { readonly storedWorkflowTemplateSpec?: Fields } | undefined)?.storedWorkflowTemplateSpec;
  // Argo writes 0 to end it at once.
  const deadline = activeDeadlineSeconds === undefined || activeDeadlineSeconds === 0 ? {} : { activeDeadlineSeconds };
  if (!stored || Object.keys(memory).length === 0) return { ...rest, ...deadline };
  const { workflowTemplateRef: _ref, shutdown: _stored, suspend: _held, ...written } = stored;
  return { ...written, ...deadline };
}

function withMemory(spec: Fields, memory: MadeRun['memory']): Fields {
  const templates = readAnswer(Templates, spec.templates, 'The templates of a Workflow');
  if (templates === undefined) return spec;
  const resized = templates.map(({ name, container, script, ...rest }) => ({
    name,
    ...rest,
    ...(container ? { container: sized(container, memory[name]) } : {}),
    ...(script ? { script: sized(script, memory[name]) } : {}),
  }));
  return { ...spec, templates: resized };
}

function sized(step: z.infer<typeof Step>, asked: MadeRun['memory'][string] | undefined) {
  const resources = resourcesWith(step.resources, asked);
  return resources ? { ...step, resources } : step;
}
