import type { ConfigurationOptions, CoreV1Api, CustomObjectsApi, V1LimitRange, V1ResourceQuota } from '@kubernetes/client-node';
import { z } from 'zod';
import { memoryMi } from '../../../incident/memory.ts';
import type { Bound, MemoryAutoscaler, MemoryBounds, QuotaLeft } from '../../../incident/memory-bounds.ts';
import { orNull } from '../api-failures.ts';
import { thousandths } from '../surroundings/quantity.ts';

const AUTOSCALERS = { group: 'autoscaling.k8s.io', version: 'v1', plural: 'verticalpodautoscalers' };
const MEBIBYTE = 2 ** 20;
/** Keys of a quota that count memory; a bare `memory` means requests. */
const OF = { 'limits.memory': 'limits', 'requests.memory': 'requests', memory: 'requests' } as const;

/** The fields used of a VerticalPodAutoscaler. */
const Autoscalers = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({
        targetRef: z.object({ kind: z.string(), name: z.string() }).nullish(),
        updatePolicy: z.object({ updateMode: z.string().nullish() }).nullish(),
        resourcePolicy: z
          .object({
            containerPolicies: z
              .array(
                z.looseObject({
                  containerName: z.string().optional(),
                  minAllowed: z.record(z.string(), z.unknown()).optional(),
                  maxAllowed: z.record(z.string(), z.unknown()).optional(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    }),
  ),
});

/** What bounds the memory of the containers of a workload. */
export async function memoryBounds(
  core: CoreV1Api,
  objects: CustomObjectsApi,
  { namespace, kind, name }: { readonly namespace: string; readonly kind: string; readonly name: string },
  options: ConfigurationOptions,
): Promise<MemoryBounds> {
  const [ranges, quotas, autoscalers] = await Promise.all([
    core.listNamespacedLimitRange({ namespace }, options),
    core.listNamespacedResourceQuota({ namespace }, options),
    orNull<unknown>(() => objects.listNamespacedCustomObject({ ...AUTOSCALERS, namespace }, options)),
  ]);
  return {
    container: smallestMax(ranges.items, 'Container'),
    pod: smallestMax(ranges.items, 'Pod'),
    quotas: quotas.items.flatMap(quotaLeft),
    autoscaler: autoscalers === null ? null : autoscalerOf(kind, name, autoscalers),
  };
}

function smallestMax(ranges: readonly V1LimitRange[], type: 'Container' | 'Pod'): Bound | null {
  const bounds = ranges.flatMap(({ metadata, spec }) =>
    (spec?.limits ?? []).flatMap((limit) => {
      const maxMi = limit.type === type ? memoryMi(limit.max?.memory) : null;
      return maxMi === null ? [] : [{ name: metadata?.name ?? '', maxMi }];
    }),
  );
  return bounds.toSorted((one, other) => one.maxMi - other.maxMi)[0] ?? null;
}

/** A quota for some pods alone may not be one for these; it counts all the same: rather too little memory than a pod that cannot be made. */
function quotaLeft({ metadata, spec, status }: V1ResourceQuota): QuotaLeft[] {
  return Object.entries(OF).flatMap(([key, of]) => {
    const hard = status?.hard?.[key] ?? spec?.hard?.[key];
    if (hard === undefined) return [];
    const left = thousandths(hard) - thousandths(status?.used?.[key] ?? '0');
    return [{ name: metadata?.name ?? '', of, leftMi: Math.floor(left / 1000 / MEBIBYTE) }];
  });
}

function autoscalerOf(kind: string, name: string, answer: unknown): MemoryAutoscaler | null {
  const found = Autoscalers.parse(answer).items.find(({ spec }) => spec.targetRef?.kind === kind && spec.targetRef.name === name);
  const mode = found?.spec.updatePolicy?.updateMode ?? 'Recreate';
  if (!found || mode === 'Off') return null;
  return { name: found.metadata.name, mode, policies: found.spec.resourcePolicy?.containerPolicies ?? [] };
}
