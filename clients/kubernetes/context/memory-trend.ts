import type { WorkloadEvidence } from '../../../incident/evidence.ts';
import type { MemorySample, MemoryTrend } from '../../../incident/memory-trend.ts';
import type { Metrics } from '../../prometheus/prometheus.ts';

const BACK_SECONDS = 6 * 3_600;
const STEP_SECONDS = 300;
/** A container that has dropped so far was started anew. */
const DROP = 0.7;
const BYTES_PER_MI = 2 ** 20;

/** The pod and container that was killed for want of memory, with its limit; null where none was. */
export function killedIn({ pods }: WorkloadEvidence): { readonly pod: string; readonly container: string } | null {
  for (const pod of pods) {
    const container = pod.containers.find(({ lastExit }) => lastExit?.reason === 'OOMKilled');
    if (container) return { pod: pod.name, container: container.name };
  }
  return null;
}

/** How the memory of one container went over the last hours; null where the metrics tell nothing of it. */
export async function memoryTrend(
  metrics: Metrics,
  namespace: string,
  { pod, container }: { readonly pod: string; readonly container: string },
  signal: AbortSignal,
): Promise<MemoryTrend | null> {
  const labels = Object.entries({ namespace, pod, container }).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const query = `max(container_memory_working_set_bytes{${labels.join(',')}})`;
  const points = await metrics.range(query, { backSeconds: BACK_SECONDS, stepSeconds: STEP_SECONDS }, signal);
  const [first] = points;
  if (!first) return null;
  const samples = points.map(({ atSeconds, value }) => ({ atSeconds: atSeconds - first.atSeconds, usedMi: value / BYTES_PER_MI }));
  return { pod, container, samples: longestStretch(samples) };
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
