import { CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import {
  isOutsideKind,
  isWorkloadKind,
  MODEL_SERVER_KINDS,
  type ModelServerKind,
  type ObjectKind,
  type Target,
  WORKLOAD_KINDS,
  type WorkloadKind,
} from '../../incident/target.ts';
import type { ModelServers, ServerList } from '../model-servers.ts';
import type { OutsideClients } from '../outside.ts';
import { MODEL_AT } from '../serving/model-place.ts';
import { MODEL } from '../serving/served-model.ts';
import type { Systems } from '../systems.ts';
import { orNull } from './api-failures.ts';
import { kubernetesCluster } from './cluster.ts';
import { abortedBy, type Deadline, openDeadline } from './deadline.ts';
import { kindClients } from './kind-clients.ts';
import { reading } from './reading.ts';
import { RESOURCE_TYPES } from './target-types.ts';

const PAGE_SIZE = 500;
/** Of a kind, at most so many objects are looked through. */
const PAGES_MAX = 20;
const ANSWER_WITHIN_MS = 15_000;

type ServerKind = (WorkloadKind | ModelServerKind) & ObjectKind;

/** The fields used of what any of the kinds lists. */
const Listed = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        namespace: z.string(),
        annotations: z.record(z.string(), z.string()).default({}),
        ownerReferences: z.array(z.object({ controller: z.boolean().optional() })).default([]),
      }),
    }),
  ),
});
type Listed = z.infer<typeof Listed>;

/** Lists and sees the model servers of a cluster, and those outside of it that are configured. */
export function modelServers(config: KubeConfig, systems: Systems, cluster: string): ModelServers {
  const objects = config.makeApiClient(CustomObjectsApi);
  const known = Object.keys(kindClients(config, systems).servers) as ServerKind[];
  const { observe, askGolden } = kubernetesCluster(config, systems);

  async function listKind(kind: ServerKind, deadline: Deadline): Promise<readonly Target[]> {
    const { group, version, plural } = RESOURCE_TYPES[kind];
    const found: Listed['items'] = [];
    let next: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const at = { group, version, resourcePlural: plural, limit: PAGE_SIZE, ...(next ? { _continue: next } : {}) };
      // Where its definition is not there, there is none.
      const answer = await orNull<unknown>(() => objects.listCustomObjectForAllNamespaces(at, abortedBy(deadline)));
      const { items, metadata } = answer === null ? { items: [], metadata: {} } : Listed.parse(answer);
      found.push(...items);
      next = metadata.continue;
      if (!next) break;
    }
    return found.filter((one) => isModelServer(kind, one)).map(({ metadata: { namespace, name } }) => ({ cluster, namespace, kind, name }));
  }

  return {
    observe,
    askGolden,
    async list() {
      const kinds = [...MODEL_SERVER_KINDS.filter((kind) => !isOutsideKind(kind)), ...WORKLOAD_KINDS] as readonly ServerKind[];
      const inside = kinds
        .filter((kind) => known.includes(kind))
        .map(async (kind) => {
          const deadline = openDeadline(ANSWER_WITHIN_MS);
          const read = await reading(`the ${kind}s of all namespaces`, deadline, () => listKind(kind, deadline));
          deadline.end();
          return read.kind === 'read' ? { servers: read.value, unlisted: [] } : { servers: [], unlisted: [`${read.what}: ${read.reason}`] };
        });
      const lists: ServerList[] = [...(await Promise.all(inside)), ...(await Promise.all(listOutside(systems.outside, cluster)))];
      return { servers: lists.flatMap(({ servers }) => servers), unlisted: lists.flatMap(({ unlisted }) => unlisted) };
    },
  };
}

/** A workload, or a Rollout, serves a model where it says so itself; what a controller made is that one's, to which its annotations may have come down. */
function isModelServer(kind: ServerKind, { metadata: { annotations, ownerReferences } }: Listed['items'][number]): boolean {
  if (kind !== 'Rollout' && !isWorkloadKind(kind)) return true;
  return Boolean(annotations[MODEL] || annotations[MODEL_AT]) && !ownerReferences.some(({ controller }) => controller);
}

/** Those of systems that cannot list are looked at only while an incident is about them. */
function listOutside(clients: OutsideClients, cluster: string): Promise<ServerList>[] {
  return [...clients].flatMap(([kind, client]) => {
    if (client.is !== 'server' || client.list === undefined) return [];
    const { namespace } = client;
    return [
      client.list().then(
        (names): ServerList => ({ servers: names.map((name) => ({ cluster, namespace, kind, name })), unlisted: [] }),
        (error: Error): ServerList => ({ servers: [], unlisted: [`the ${kind}s of ${namespace}: ${error.message}`] }),
      ),
    ];
  });
}
