import { adminKubeconfigPath } from '../kubeconfig.ts';
import { apply, define } from '../manifests.ts';
import { takenManifests, withManifests } from '../module-manifests.ts';
import { answers } from '../readiness.ts';
import type { Part } from './part.ts';

/** The namespace of Argo's own servers and their settings; Workflows may be in any. */
export const ARGO_NAMESPACE = 'argo';
/** It would listen on every address to tell its metrics. */
const SETTINGS = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ARGO_NAMESPACE } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'workflow-controller-configmap', namespace: ARGO_NAMESPACE },
    data: { metricsConfig: '{ enabled: false }', telemetryConfig: '{ enabled: false }' },
  },
];

/** Argo's controller: turns Workflows into pods, and CronWorkflows into Workflows. */
export const argoWorkflowController: Part = {
  name: 'argo-workflow-controller',
  after: ['kube-apiserver'],
  optional: true,
  obtain: withManifests({
    owner: 'argo-workflow-controller',
    pins: 'argo-workflows',
    module: 'github.com/argoproj/argo-workflows/v3',
    // As in Argo's own installation; the API server takes a minute longer to serve the full ones.
    definitions: ['manifests/base/crds/minimal'],
  }),
  async run(site, program) {
    await define(site, 'argo-workflows', takenManifests(program).definitions);
    await apply(site, SETTINGS);
    const health = `127.0.0.1:${site.ports['argo-workflow-controller-health']}`;
    return {
      args: [`--namespace=${ARGO_NAMESPACE}`, '--executor-image=argoexec:simulated'],
      env: {
        KUBECONFIG: adminKubeconfigPath(site),
        LEADER_ELECTION_DISABLE: 'true',
        HEALTH_ADDRESS: health,
        // It looks at a Workflow whose pods changed, and at schedules, after so long; ten seconds where nothing is said.
        DEFAULT_REQUEUE_TIME: '1s',
        CRON_SYNC_PERIOD: '1s',
      },
      address: `http://${health}`,
      isReady: () => answers(`http://${health}/healthz`),
    };
  },
};
