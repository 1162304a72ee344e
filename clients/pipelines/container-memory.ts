import { z } from 'zod';
import type { ContainerMemory } from '../../incident/memory.ts';

const amounts = z.record(z.string(), z.union([z.string(), z.number()])).optional();

/** What a container asks for, as pod templates write it everywhere. */
export const Resources = z.looseObject({ limits: amounts, requests: amounts }).optional();
type Resources = z.infer<typeof Resources>;

export function memoryOfResources(resources: Resources): ContainerMemory {
  const { limits, requests } = resources ?? {};
  return { limit: textOf(limits?.memory), request: textOf(requests?.memory) };
}

/** The same resources with other memory, and nothing else changed; as they are where nothing is asked for. */
export function resourcesWith<R extends Resources>(resources: R, asked: ContainerMemory | undefined): R {
  if (asked === undefined) return resources;
  const { limits, requests } = resources ?? {};
  return {
    ...resources,
    ...(asked.limit === null ? {} : { limits: { ...limits, memory: asked.limit } }),
    ...(asked.request === null ? {} : { requests: { ...requests, memory: asked.request } }),
  } as R;
}

function textOf(amount: string | number | undefined): string | null {
  return amount === undefined ? null : String(amount);
}
