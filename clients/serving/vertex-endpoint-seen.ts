import { z } from 'zod';
import type { ServedModel } from '../../incident/evidence.ts';

/** The fields used of an endpoint. */
export const Endpoint = z.object({
  name: z.string(),
  etag: z.string().default(''),
  createTime: z.string().default(''),
  updateTime: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  trafficSplit: z.record(z.string(), z.number()).default({}),
  deployedModels: z
    .array(
      z.object({
        id: z.string(),
        model: z.string(),
        modelVersionId: z.string().default('1'),
        createTime: z.string().default(''),
        displayName: z.string().default(''),
        dedicatedResources: z.record(z.string(), z.unknown()).optional(),
        automaticResources: z.record(z.string(), z.unknown()).optional(),
        serviceAccount: z.string().optional(),
      }),
    )
    .default([]),
});
export type Endpoint = z.infer<typeof Endpoint>;
export type DeployedModel = Endpoint['deployedModels'][number];

/** Name of the setting in which the whole split of traffic goes back with a version. */
export const TRAFFIC = 'trafficSplit';

/** The version that is deployed, as Vertex AI names one. */
export function addressOfDeployed({ model, modelVersionId }: DeployedModel): string {
  return `${model.split('@')[0]}@${modelVersionId}`;
}

/** The id of the model of which a version is deployed; null where the endpoint serves none. */
export function modelIdOf(address: string | null): string | null {
  return /\/models\/([^/@]+)@/.exec(address ?? '')?.[1] ?? null;
}

/** What answers requests, and what was brought last. */
export function servedOf(endpoint: Endpoint): Pick<ServedModel, 'addressing' | 'wanted' | 'settings' | 'serving'> {
  const answering = endpoint.deployedModels.filter(({ id }) => (endpoint.trafficSplit[id] ?? 0) > 0);
  const newest = answering.toSorted((a, b) => b.createTime.localeCompare(a.createTime))[0];
  const wanted = newest ? addressOfDeployed(newest) : null;
  return {
    addressing: `${wanted?.split('@')[0] ?? ''}@{version}`,
    wanted,
    settings: { [TRAFFIC]: JSON.stringify(endpoint.trafficSplit) },
    serving: [...new Set(answering.map(addressOfDeployed))],
  };
}

/** How requests are split, as the end of a sentence; null where one version has them all. */
export function splitText({ trafficSplit, deployedModels }: Endpoint): string | null {
  const shares = deployedModels.filter(({ id }) => (trafficSplit[id] ?? 0) > 0);
  if (shares.length < 2) return null;
  return `requests are split: ${shares.map((one) => `${trafficSplit[one.id]} % to version ${one.modelVersionId}`).join(', ')}`;
}
