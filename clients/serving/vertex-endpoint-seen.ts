import { z } from 'zod';
import type { ServedModel } from '../../incident/evidence.ts';
import type { ServedVersion } from '../../incident/model.ts';

const shares = z.record(z.string(), z.number());
const resources = z.record(z.string(), z.unknown()).optional();

/** The fields used of an endpoint. */
export const Endpoint = z.object({
  name: z.string(),
  etag: z.string().default(''),
  createTime: z.string().default(''),
  description: z.string().default(''),
  updateTime: z.iso.datetime(),
  labels: z.record(z.string(), z.string()).default({}),
  /** Id of what is deployed to its share of the requests, in percent. */
  trafficSplit: shares.default({}),
  dedicatedEndpointEnabled: z.boolean().default(false),
  dedicatedEndpointDns: z.string().default(''),
  deployedModels: z
    .array(
      z.object({
        id: z.string(),
        model: z.string(),
        modelVersionId: z.string().default('1'),
        createTime: z.string().default(''),
        displayName: z.string().default(''),
        dedicatedResources: resources,
        automaticResources: resources,
        sharedResources: z.string().optional(),
        serviceAccount: z.string().optional(),
        enableAccessLogging: z.boolean().optional(),
        disableContainerLogging: z.boolean().optional(),
      }),
    )
    .default([]),
});
export type Endpoint = z.infer<typeof Endpoint>;
export type DeployedModel = Endpoint['deployedModels'][number];

/** Names of the settings that go back with a version: the whole split of traffic, and what it was deployed with. */
const TRAFFIC = 'trafficSplit';
const DEPLOYED_WITH = 'deployedWith';
/** On what it runs: one of them must be said. */
const RESOURCES = ['dedicatedResources', 'automaticResources', 'sharedResources'];

/** A line of an endpoint's description that says what others say by an annotation: its labels have no room for that. */
const ANNOTATION = /^(paramedic\.dev\/[\w-]+): *(.+)$/gm;

/** What its owners say of it, by lines of its description. */
export function annotationsOf({ description }: Endpoint): Readonly<Record<string, string>> {
  return Object.fromEntries([...description.matchAll(ANNOTATION)].map(([, name, value]) => [name!, value!.trim()]));
}

/** The version that is deployed, as Vertex AI names one. */
export function addressOfDeployed({ model, modelVersionId }: Pick<DeployedModel, 'model' | 'modelVersionId'>): string {
  return `${model.split('@')[0]}@${modelVersionId}`;
}

/**
 * The id of the model in the endpoint's own project and location; null where it is from another, of which no registry is configured.
 * @param place of the endpoint, by the project's id, such as `projects/ml-prod/locations/europe-west4`; Vertex AI may write its number
 */
export function modelIdOf({ name }: Endpoint, place: string, address: string | null): string | null {
  const [, of, id] = /^(.+)\/models\/([^/@]+)@/.exec(address ?? '') ?? [];
  return of === place || of === name.split('/endpoints/')[0] ? (id ?? null) : null;
}

/** What answers requests, and what answers most of them. */
export function servedOf(endpoint: Endpoint): Pick<ServedModel, 'addressing' | 'wanted' | 'settings' | 'serving'> {
  const { trafficSplit, deployedModels } = endpoint;
  const answering = deployedModels.filter(({ id }) => (trafficSplit[id] ?? 0) > 0);
  const [most] = answering.toSorted(
    (a, b) => trafficSplit[b.id]! - trafficSplit[a.id]! || Date.parse(b.createTime) - Date.parse(a.createTime),
  );
  const wanted = most ? addressOfDeployed(most) : null;
  const settings = most ? { [DEPLOYED_WITH]: JSON.stringify(resourcesOf(most)) } : {};
  return {
    addressing: `${wanted?.split('@')[0] ?? ''}@{version}`,
    wanted,
    settings: { [TRAFFIC]: JSON.stringify(endpoint.trafficSplit), ...settings },
    serving: [...new Set(answering.map(addressOfDeployed))],
  };
}

/** How requests are split; null where one version has them all. */
export function splitText({ trafficSplit, deployedModels }: Endpoint): string | null {
  const parts = deployedModels.filter(({ id }) => (trafficSplit[id] ?? 0) > 0);
  if (new Set(parts.map(addressOfDeployed)).size < 2) return null;
  return `requests are split: ${parts.map((one) => `${trafficSplit[one.id]} % to version ${one.modelVersionId}`).join(', ')}`;
}

/** All of it to one version, or as it was when that version was looked at, as far as what was deployed then still is. */
export function splitFor({ deployedModels }: Endpoint, target: DeployedModel, { settings }: ServedVersion): Endpoint['trafficSplit'] {
  const before = settingOf(shares, settings?.[TRAFFIC]) ?? {};
  const parts = Object.entries(before).filter(([, share]) => share > 0);
  const isWhole = parts.every(([id]) => deployedModels.some((one) => one.id === id)) && (before[target.id] ?? 0) > 0;
  return isWhole ? Object.fromEntries(parts) : { [target.id]: 100 };
}

export function isSameSplit(now: Endpoint['trafficSplit'], wanted: Endpoint['trafficSplit']): boolean {
  const ids = new Set([...Object.keys(now), ...Object.keys(wanted)]);
  return [...ids].every((id) => (now[id] ?? 0) === (wanted[id] ?? 0));
}

/** What a version is to be deployed with: as it was when it was seen healthy, or else as what fails. Null where neither says on what. */
export function deploymentOf({ settings }: ServedVersion, like: DeployedModel | undefined): Readonly<Record<string, unknown>> | null {
  const known = settingOf(z.record(z.string(), z.unknown()), settings?.[DEPLOYED_WITH]);
  return [known, like && resourcesOf(like)].find((how) => how && RESOURCES.some((one) => how[one] !== undefined)) ?? null;
}

export function uidOf({ name, createTime }: Endpoint): string {
  return `${name}#${createTime}`;
}

/** It counts none; when it was last changed does the same. */
export function generationOf({ updateTime }: Endpoint): number {
  return Date.parse(updateTime);
}

function resourcesOf(deployed: DeployedModel): Readonly<Record<string, unknown>> {
  const { displayName, dedicatedResources, automaticResources, sharedResources, serviceAccount } = deployed;
  const { enableAccessLogging, disableContainerLogging } = deployed;
  const logging = { enableAccessLogging, disableContainerLogging };
  const all = { displayName, dedicatedResources, automaticResources, sharedResources, serviceAccount, ...logging };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}

/** A setting of ours as it was written; undefined where it is none. */
function settingOf<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}
