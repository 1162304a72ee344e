import type { KubeConfig } from '@kubernetes/client-node';
import type { PipelineClient } from '../cluster.ts';
import { Refused } from '../failures.ts';
import type { RawObject } from '../kubernetes/guarded-patch.ts';
import type { NodeZones } from '../kubernetes/node-zones.ts';
import { runOfCronWorkflow, runOfWorkflow } from './argo-run.ts';
import { byStep, cronWorkflowOf, memoryOfTemplates, runOf, scheduleOf, workflowOf } from './argo-seen.ts';
import { type ArgoServer, workflowRetrier } from './argo-server.ts';
import { runMaker } from './make-run.ts';
import { CRON_WORKFLOWS, WORKFLOWS } from './object-types.ts';
import { type Observation, objectObserver } from './observe-objects.ts';
import { scheduleSetter } from './set-schedule.ts';

/** On a Workflow that Kubeflow Pipelines made of a run of its own: the run's id. */
const KUBEFLOW_RUN = 'pipeline/runid';

const RUN = { kind: 'Workflow', type: WORKFLOWS };

/** Workflows of Argo, each one run. @param server null where none is configured: then nothing goes on, but is done anew */
export function argoWorkflows(config: KubeConfig, zones: NodeZones, server: ArgoServer | null): PipelineClient {
  return {
    observe: objectObserver(config, zones, {
      ...common(server),
      kind: 'Workflow',
      type: WORKFLOWS,
      readRun: (object) => runOf(workflowOf(object), true),
      memoryOf: (object) => runOf(workflowOf(object), true).memory,
      startedBy({ labels }) {
        const run = labels[KUBEFLOW_RUN];
        return run ? `KubeflowRun/${run}` : null;
      },
    }),
    retry: retrier(config, server, runMaker(config, { kind: 'Workflow', type: WORKFLOWS, run: RUN, make: runOfWorkflow, hasEnded })),
    async pause({ name }) {
      throw new Refused(`A Workflow has no schedule; that of ${name} cannot be set.`);
    },
  };
}

/** CronWorkflows of Argo, with the Workflows that they made. @param server as for Workflows */
export function argoCronWorkflows(config: KubeConfig, zones: NodeZones, server: ArgoServer | null): PipelineClient {
  return {
    observe: objectObserver(config, zones, {
      ...common(server),
      kind: 'CronWorkflow',
      type: CRON_WORKFLOWS,
      runs: { type: WORKFLOWS, label: 'workflows.argoproj.io/cron-workflow' },
      readRun: (object) => runOf(workflowOf(object), false),
      memoryOf: (object) => memoryOfTemplates(cronWorkflowOf(object).spec.workflowSpec),
      scheduleOf: (object) => scheduleOf(cronWorkflowOf(object)),
    }),
    retry: retrier(
      config,
      server,
      runMaker(config, { kind: 'CronWorkflow', type: CRON_WORKFLOWS, run: RUN, make: runOfCronWorkflow, hasEnded }),
    ),
    pause: scheduleSetter(config, CRON_WORKFLOWS),
  };
}

function common(server: ArgoServer | null): Pick<Observation, 'retriedBy' | 'podLabel' | 'asPod'> {
  return { retriedBy: server ? 'either' : 'furtherRun', podLabel: 'workflows.argoproj.io/workflow', asPod: byStep };
}

function retrier(config: KubeConfig, server: ArgoServer | null, setRun: ReturnType<typeof runMaker>): PipelineClient['retry'] {
  const goOn = server && workflowRetrier(config, server);
  return async (target, change, bound, options) => {
    if (change.kind === 'furtherRun') return setRun(target, change, bound, options);
    if (goOn === null) throw new Refused('A Workflow goes on only by argo-server: set PARAMEDIC_ARGO_URL.');
    return goOn(target.namespace, change.run, options);
  };
}

function hasEnded(run: RawObject): boolean {
  const phase = workflowOf(run).status?.phase ?? '';
  return ['Succeeded', 'Failed', 'Error'].includes(phase);
}
