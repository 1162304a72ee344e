import type { MadeRun } from '../../../incident/change.ts';
import { resourcesWith } from '../../pipelines/container-memory.ts';
import { LAST_ACTION, type RawObject } from '../guarded-patch.ts';
import { RETRY_OF, RETRY_OF_UID } from './job-marks.ts';

type Texts = Readonly<Record<string, string>>;

/** Written by the API server for the very Job it was made for. */
const OF_ONE_JOB = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];
/** By these, tools would take a Job that none of them made for one of theirs, and delete it. */
const OF_TOOLS =
  /^(argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io|helm\.toolkit\.fluxcd\.io|helm\.sh)\/|^app\.kubernetes\.io\/(instance|managed-by)$/;

interface Template {
  readonly metadata?: { readonly labels?: Texts; readonly annotations?: Texts };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The Job that does once more what a Job or CronJob is there for, with nothing dropped of what its template says. */
export function jobOf(kind: 'Job' | 'CronJob', source: RawObject, run: MadeRun, key: string) {
  const { uid } = source.metadata;
  const name = source.metadata.name ?? '';
  const template: Template = kind === 'Job' ? copyOf(source) : (source.spec.jobTemplate as Template);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: run.name,
      labels: { ...template.metadata?.labels, [RETRY_OF_UID]: uid },
      annotations: {
        ...template.metadata?.annotations,
        ...(kind === 'CronJob' ? { 'cronjob.kubernetes.io/instantiate': 'manual' } : {}),
        [RETRY_OF]: name,
        [LAST_ACTION]: key,
      },
      // Owned by its CronJob, as what `kubectl create job --from` makes; never by a Job, whose deletion would take it along.
      ...(kind === 'CronJob' ? { ownerReferences: [{ apiVersion: 'batch/v1', kind, name, uid, controller: true }] } : {}),
    },
    spec: withMemory(template.spec, run.memory),
  };
}

function copyOf({ metadata, spec }: RawObject): Template {
  const { selector: _selector, manualSelector: _manual, template, ...rest } = spec;
  const pod = template as { readonly metadata?: { readonly labels?: Texts } };
  const labels = without(pod.metadata?.labels, (label) => OF_ONE_JOB.includes(label));
  return {
    metadata: { labels: without(ownLabels(metadata), (label) => OF_ONE_JOB.includes(label)) },
    spec: { ...rest, template: { ...pod, metadata: { ...pod.metadata, labels } } },
  };
}

/** The labels of an object that a copy of it may bear, too. */
export function ownLabels({ labels }: RawObject['metadata']): Texts {
  return without(labels, (label) => OF_TOOLS.test(label));
}

function without(texts: Texts = {}, isLeftOut: (name: string) => boolean): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !isLeftOut(name)));
}

interface Container {
  readonly name: string;
  readonly resources?: { readonly limits?: Texts; readonly requests?: Texts };
}

function withMemory(spec: Template['spec'], memory: MadeRun['memory']): Template['spec'] {
  const template = spec.template as { readonly spec: { readonly containers: readonly Container[] } };
  const containers = template.spec.containers.map((container) => {
    const asked = memory[container.name];
    return asked ? { ...container, resources: resourcesWith(container.resources, asked) } : container;
  });
  return { ...spec, template: { ...template, spec: { ...template.spec, containers } } };
}
