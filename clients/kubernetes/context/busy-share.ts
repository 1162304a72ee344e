import type { LoadSeen } from '../../../incident/scaling.ts';
import { literally } from '../../prometheus/pattern.ts';
import type { Metrics } from '../../prometheus/prometheus.ts';
import type { WorkloadName } from '../read-workload.ts';

/** A Deployment's pods are called after it, its ReplicaSet and five letters, a StatefulSet's after it and their number. */
const ENDS = { Deployment: '[a-z0-9]+-[a-z0-9]{5}', StatefulSet: '[0-9]+', DaemonSet: '[a-z0-9]{5}' };

const podsOf = ({ kind, namespace, name }: WorkloadName) => `namespace="${namespace}",pod=~"${literally(name)}-${ENDS[kind]}"`;

/** How much of the CPU that the pods ask for they use; null where the metrics know nothing of it. */
export async function busyShare(metrics: Metrics, workload: WorkloadName, signal: AbortSignal): Promise<LoadSeen | null> {
  const pods = podsOf(workload);
  const used = `sum(rate(container_cpu_usage_seconds_total{${pods},container!=""}[5m]))`;
  const asked = `sum(kube_pod_container_resource_requests{${pods},resource="cpu"})`;
  const share = await metrics.value(`${used} / ${asked}`, signal);
  return share === null ? null : { what: 'the use of the CPU that its pods ask for', share };
}
