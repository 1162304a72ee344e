import type { AppsV1Api, ConfigurationOptions } from '@kubernetes/client-node';
import type { WorkloadReadiness } from '../../../incident/paths.ts';
import { readinessOf } from './dependencies.ts';

/** kube-dns's and CoreDNS's own label, kept from the one to the other. */
const DNS = { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' };

/** The Deployment that answers the cluster's questions for names; of several one that has a ready pod. Null where there is none. */
export async function dnsSeen(apps: AppsV1Api, options: ConfigurationOptions): Promise<WorkloadReadiness | null> {
  const { items } = await apps.listNamespacedDeployment({ ...DNS, limit: 10 }, options);
  const all = items.map((one) => readinessOf('Deployment', one));
  return all.find(({ ready }) => ready > 0) ?? all[0] ?? null;
}
