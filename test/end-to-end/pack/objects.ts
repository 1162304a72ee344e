import { request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

/** An object as the API server sends it, with no field dropped. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: of every kind there is
  readonly spec?: any;
  // biome-ignore lint/suspicious/noExplicitAny: of every kind there is
  readonly status?: any;
}

/** Which object is meant. */
export interface Address {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Where it is not that of the scenario. */
  readonly namespace?: string | undefined;
}

interface ResourceType {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

/** The cluster as an administrator sees it, of any kind, in one namespace; what has none is found, too. */
export type Objects = ReturnType<typeof objectsIn>;

export function objectsIn(config: KubeConfig, namespace: string) {
  const types = new Map<string, readonly ResourceType[]>();

  async function pathOf(apiVersion: string, kind: string, name = '', subresource = '', home = namespace): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!types.has(root)) types.set(root, ((await ask(config, 'GET', root)) as { resources: ResourceType[] }).resources);
    const type = types.get(root)?.find((one) => one.kind === kind && !one.name.includes('/'));
    if (!type) throw new Error(`The cluster knows no kind ${kind} in ${apiVersion}.`);
    const place = type.namespaced ? `/namespaces/${home}` : '';
    return [`${root}${place}/${type.name}`, name, subresource].filter(Boolean).join('/');
  }

  return {
    async read({ apiVersion, kind, name }: Address): Promise<RawObject | null> {
      return orNull(async () => (await ask(config, 'GET', await pathOf(apiVersion, kind, name))) as RawObject);
    },
    async list(apiVersion: string, kind: string, labelSelector = ''): Promise<readonly RawObject[]> {
      const path = `${await pathOf(apiVersion, kind)}?labelSelector=${encodeURIComponent(labelSelector)}`;
      return ((await ask(config, 'GET', path)) as { items: RawObject[] }).items;
    },
    async create(manifest: {
      readonly apiVersion: string;
      readonly kind: string;
      readonly metadata: { readonly name?: string | undefined; readonly namespace?: unknown };
    }): Promise<RawObject> {
      const { apiVersion, kind, metadata } = manifest;
      const home = typeof metadata.namespace === 'string' ? metadata.namespace : namespace;
      return (await ask(config, 'POST', await pathOf(apiVersion, kind, '', '', home), manifest)) as RawObject;
    },
    /** A strategic merge where the API server can, so that lists are merged by name; else a plain one. */
    async patch({ apiVersion, kind, name }: Address, merge: object, subresource = ''): Promise<void> {
      const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
      const type = !group.includes('.') || group.endsWith('.k8s.io') ? STRATEGIC : MERGE;
      await ask(config, 'PATCH', await pathOf(apiVersion, kind, name, subresource), merge, type);
    },
    async remove({ apiVersion, kind, name, namespace: home }: Address): Promise<void> {
      const options = { propagationPolicy: 'Background', gracePeriodSeconds: 0 };
      await orNull(async () => ask(config, 'DELETE', await pathOf(apiVersion, kind, name, '', home), options));
    },
  };
}

/** The API server's refusal of a request. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null;
    throw error;
  }
}

async function ask(config: KubeConfig, method: string, path: string, body?: object, contentType = 'application/json'): Promise<unknown> {
  const options = { method, headers: { accept: 'application/json', ...(body ? { 'content-type': contentType } : {}) } };
  await config.applyToHTTPSOptions(options);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const call = request(`${config.getCurrentCluster()?.server}${path}`, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on('error', reject).end(body ? JSON.stringify(body) : undefined);
  });
  if (status < 300) return JSON.parse(text);
  throw new Refusal(status, `${method} ${path} was answered with ${status}: ${text.slice(0, 500)}`);
}
