import { setTimeout as pause } from 'node:timers/promises';
import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type V1ContainerStatus,
  type V1Deployment,
  type V1Pod,
} from '@kubernetes/client-node';
import type { CustomObject } from '../../sandbox/simulated-workloads.ts';

const SERVING = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };

/** The default namespace of a cluster, as a test sees it. */
export function clusterAt(kubeconfigPath: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
  const namespace = 'default';
  const pods = async (app: string): Promise<V1Pod[]> => (await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items;
  return {
    serve: (body: CustomObject) => config.makeApiClient(CustomObjectsApi).createNamespacedCustomObject({ ...SERVING, namespace, body }),
    deploy: (body: V1Deployment) => apps.createNamespacedDeployment({ namespace, body }),
    /** What its container said before it was restarted. */
    lastLogs: ({ metadata }: V1Pod) => core.readNamespacedPodLog({ namespace, name: metadata!.name!, previous: true }),
    /** Waits until the first container of an app is as it should be. */
    async container(
      app: string,
      what: string,
      holds: (status: V1ContainerStatus, pod: V1Pod) => boolean,
    ): Promise<V1ContainerStatus & { pod: V1Pod }> {
      for (const began = Date.now(); Date.now() - began < 60_000; await pause(200)) {
        for (const pod of await pods(app)) {
          const status = pod.status?.containerStatuses?.[0];
          if (status && holds(status, pod)) return { ...status, pod };
        }
      }
      throw new Error(
        `Within 60 s no container of ${app} was ${what}; the pods are ${JSON.stringify((await pods(app)).map(({ status }) => status))}`,
      );
    },
  };
}
