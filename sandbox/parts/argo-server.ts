import { adminKubeconfigPath } from '../kubeconfig.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import { ARGO_NAMESPACE } from './argo-workflow-controller.ts';
import type { Part } from './part.ts';

/** Argo's server, without its pages. Whoever asks may do there what their token may do in the cluster. */
export const argoServer: Part = {
  name: 'argo-server',
  after: ['argo-workflow-controller'],
  optional: true,
  obtain: ({ program }) => program('argo-server'),
  run(site) {
    const port = site.ports['argo-server'];
    const address = loopback(port);
    return {
      args: ['server', `--namespace=${ARGO_NAMESPACE}`, `--port=${port}`, '--auth-mode=client', '--secure=false'],
      env: { KUBECONFIG: adminKubeconfigPath(site) },
      address,
      isReady: () => answers(`${address}/`),
    };
  },
};
