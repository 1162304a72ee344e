import type { WorkloadEvidence } from '../../../incident/evidence.ts';
import type { MemoryNow, MemorySample, MemoryTrend } from '../../../incident/memory-trend.ts';
import { anyOf } from '../../prometheus/pattern.ts';
import type { Metrics } from '../../prometheus/prometheus.ts';

const BACK_SECONDS = 6 * 3_600;
const STEP_SECONDS = 300;
/** A container that has dropped so far was started anew. */
const DROP = 0.7;
const PODS_MAX = 100;
const BYTES_PER_MI = 2 ** 20;

/** The pod and container that was killed for want of memory, with its limit; null where none was. */
export function killedIn({ pods }: WorkloadEvidence): { readonly pod: string; readonly container: string } | null {
  for (const pod of pods) {
    const container = pod.containers.find(({ lastExit }) => lastExit?.reason === 'OOMKilled');
    if (container) return { pod: pod.name, container: container.name };
  }
  return null;
}

/**
 * How the memory of one container went over the last hours; null where the metrics tell nothing of it.
 * @param pods names of the target's pods
 */
export async function memoryTrend(
  metrics: Metrics,
  namespace: string,
  { pod, container }: { readonly pod: string; readonly container: string },
  pods: readonly string[],
  signal: AbortSignal,
): Promise<MemoryTrend | null> {
  const used = (which: string) => `container_memory_working_set_bytes{namespace="${namespace}",${which},container="${container}"}`;
  const [points, now] = await Promise.all([
    metrics.range(`max(${used(`pod="${pod}"`)})`, { backSeconds: BACK_SECONDS, stepSeconds: STEP_SECONDS }, signal),
    memoryNow(metrics, used(`pod=~"${anyOf(pods.slice(0, PODS_MAX))}"`), signal),
  ]);
  const [first] = points;
  if (!first) return null;
  const samples = points.map(({ atSeconds, value }) => ({ atSeconds: atSeconds - first.atSeconds, usedMi: value / BYTES_PER_MI }));
  return { pod, container, samples: longestStretch(samples), now };
}

async function memoryNow(metrics: Metrics, used: string, signal: AbortSignal): Promise<readonly MemoryNow[]> {
  const [uses, growths] = await Promise.all([
    metrics.vector(`max by (pod) (${used})`, signal),
    metrics.vector(`max by (pod) (deriv(${used}[1h])) * 3600`, signal),
  ]);
  return uses.flatMap(({ labels: { pod }, value }) => {
    const growth = growths.find(({ labels }) => labels.pod === pod);
    return pod !== undefined && growth ? [{ pod, usedMi: value / BYTES_PER_MI, perHourMi: growth.value / BYTES_PER_MI }] : [];
  });
}

/** The most samples in a row without a restart. */
export function longestStretch(samples: readonly MemorySample[]): readonly MemorySample[] {
  let longest: MemorySample[] = [];
  let current: MemorySample[] = [];
  for (const sample of samples) {
    const before = current.at(-1);
    if (before && sample.usedMi < before.usedMi * DROP) current = [];
    current.push(sample);
    if (current.length > longest.length) longest = [...current];
  }
  return longest;
}
