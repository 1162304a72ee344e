import type { GpuFault } from '../../../incident/gpu-fault.ts';
import { anyOf } from '../../prometheus/pattern.ts';
import type { Metrics, Sample } from '../../prometheus/prometheus.ts';

/** By what a node is called, depending on how the exporter is scraped. */
const NODE_LABELS = ['Hostname', 'node', 'kubernetes_node'];
const LABELS = [...NODE_LABELS, 'gpu', 'exported_namespace', 'exported_pod', 'namespace', 'pod'];
const NODES_MAX = 5;
const FAULTS_MAX = 50;

/** Since when, within the last hour, a GPU has shown a code to whoever has it; 0 is no error. */
interface Shown {
  readonly gpu: string;
  readonly fault: Omit<GpuFault, 'secondsAgo'>;
  readonly sinceSeconds: number;
  readonly nowSeconds: number;
}

/**
 * The Xid errors that NVIDIA's DCGM exporter told of the GPUs of these nodes, the first few, within the last hour, the newest first.
 *
 * `DCGM_FI_DEV_XID_ERRORS` is the last error, and stays until the driver is reset, whoever has the GPU by then
 * (https://github.com/NVIDIA/DCGM/issues/277): one counts only where the GPU was seen without it before, within that hour.
 * @param pods names of the target's pods
 */
export async function gpuFaults(
  metrics: Metrics,
  namespace: string,
  names: readonly string[],
  pods: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly GpuFault[]> {
  const nodes = names.slice(0, NODES_MAX);
  if (nodes.length === 0) return [];
  const ofNodes = NODE_LABELS.map((label) => `DCGM_FI_DEV_XID_ERRORS{${label}=~"${anyOf(nodes)}"}`).join(' or ');
  const query = `min_over_time(timestamp(count_values by (${LABELS.join(',')}) ("xid", ${ofNodes}))[1h:15s])`;
  const shown = (await metrics.vector(query, signal)).flatMap((sample) => shownBy(sample, nodes, namespace, pods) ?? []);
  const byGpu = Map.groupBy(shown, ({ gpu }) => gpu);
  return [...byGpu.values()]
    .flatMap(newIn)
    .sort((one, other) => one.secondsAgo - other.secondsAgo)
    .slice(0, FAULTS_MAX);
}

function shownBy(
  { labels, value, atSeconds }: Sample,
  nodes: readonly string[],
  namespace: string,
  pods: ReadonlySet<string>,
): Shown | null {
  const node = NODE_LABELS.map((label) => labels[label]).find((name) => name !== undefined && nodes.includes(name));
  const xid = Number(labels.xid);
  if (node === undefined || !Number.isInteger(xid)) return null;
  const gpu = labels.gpu ?? '';
  const fault = { node, gpu, xid, pod: holderIn(labels, namespace, pods) };
  return { gpu: `${node} ${gpu}`, fault, sinceSeconds: value, nowSeconds: atSeconds };
}

/** Where Prometheus does not take the exporter's word for it, `pod` is the exporter itself. */
function holderIn(labels: Sample['labels'], namespace: string, pods: ReadonlySet<string>): string | null {
  const { exported_pod: exported, exported_namespace: exportedIn, pod } = labels;
  if (exported) return exportedIn === undefined || exportedIn === namespace ? exported : `${exportedIn}/${exported}`;
  return pod !== undefined && labels.namespace === namespace && pods.has(pod) ? pod : null;
}

/** What came to one GPU after it was first seen, with who had it last. */
function newIn(shown: readonly Shown[]): GpuFault[] {
  const first = Math.min(...shown.map(({ sinceSeconds }) => sinceSeconds));
  const byXid = Map.groupBy(shown, ({ fault }) => fault.xid);
  byXid.delete(0);
  return [...byXid.values()].flatMap((ofXid) => {
    const [came, ...later] = ofXid.sort((one, other) => one.sinceSeconds - other.sinceSeconds);
    if (!came || came.sinceSeconds === first) return [];
    const { fault } = later.at(-1) ?? came;
    return [{ ...fault, secondsAgo: Math.round(came.nowSeconds - came.sinceSeconds) }];
  });
}
