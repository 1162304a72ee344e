import { request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { redact } from '../../incident/redact.ts';
import { Refused } from '../failures.ts';
import { ApiRefusal } from './watching/raw-reader.ts';

const ANSWER_WITHIN_MS = 30_000;
const REASON_CHARACTERS_MAX = 500;

/** An object as the API server sends it, with no field dropped. */
export interface RawObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string; readonly subresource?: string }[];
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
  /** Where it is not in the namespace at hand. */
  readonly namespace?: string | undefined;
}

/** An object as it is to be made. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string | undefined; readonly namespace?: unknown };
}

/** Objects of any kind in one namespace; what has none is found, too. */
export interface Objects {
  /** Null: it does not exist. */
  read(at: Address): Promise<RawObject | null>;
  list(apiVersion: string, kind: string, labelSelector?: string): Promise<readonly RawObject[]>;
  create(made: NewObject): Promise<RawObject>;
  /** A strategic merge where the API server can, so that lists are merged by name; else a plain one. */
  patch(at: Address, merge: object, subresource?: string): Promise<void>;
  /** Nothing happens where it does not exist. @param uid of the very object, where another one of its name is to stay */
  remove(at: Address, uid?: string): Promise<void>;
}

interface ResourceType {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

/**
 * @param fieldManager by whose name the API server keeps what is written
 * @returns objects whose calls throw Refused where the API server refuses for good, and ApiRefusal where it does otherwise
 */
export function objectsIn(config: KubeConfig, namespace: string, fieldManager?: string): Objects {
  const types = new Map<string, readonly ResourceType[]>();
  const asManager = fieldManager === undefined ? '' : `?fieldManager=${encodeURIComponent(fieldManager)}`;

  async function typesAt(root: string): Promise<readonly ResourceType[]> {
    const known = types.get(root) ?? ((await ask(config, 'GET', root)) as { resources: ResourceType[] }).resources;
    types.set(root, known);
    return known;
  }

  async function pathOf(apiVersion: string, kind: string, name = '', subresource = '', home = namespace): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const all = await orNull(() => typesAt(root));
    const type = all?.find((one) => one.kind === kind && !one.name.includes('/'));
    if (!type) throw new Refused(`The cluster knows no kind ${kind} in ${apiVersion}.`);
    const place = type.namespaced ? `/namespaces/${home}` : '';
    return [`${root}${place}/${type.name}`, name, subresource].filter(Boolean).join('/');
  }

  return {
    async read({ apiVersion, kind, name }) {
      const path = await pathOf(apiVersion, kind, name);
      return orNull(async () => (await ask(config, 'GET', path)) as RawObject);
    },
    async list(apiVersion, kind, labelSelector = '') {
      const path = `${await pathOf(apiVersion, kind)}?labelSelector=${encodeURIComponent(labelSelector)}`;
      return ((await ask(config, 'GET', path)) as { items: RawObject[] }).items;
    },
    async create(made) {
      const { apiVersion, kind, metadata } = made;
      const home = typeof metadata.namespace === 'string' ? metadata.namespace : namespace;
      return (await ask(config, 'POST', `${await pathOf(apiVersion, kind, '', '', home)}${asManager}`, made)) as RawObject;
    },
    async patch({ apiVersion, kind, name }, merge, subresource = '') {
      const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
      const type = !group.includes('.') || group.endsWith('.k8s.io') ? STRATEGIC : MERGE;
      await ask(config, 'PATCH', `${await pathOf(apiVersion, kind, name, subresource)}${asManager}`, merge, type);
    },
    async remove({ apiVersion, kind, name, namespace: home }, uid) {
      const options = {
        propagationPolicy: 'Background',
        gracePeriodSeconds: 0,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      };
      const path = await pathOf(apiVersion, kind, name, '', home);
      await orNull(async () => ask(config, 'DELETE', path, options));
    },
  };
}

async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 404) return null;
    throw error;
  }
}

async function ask(config: KubeConfig, method: string, path: string, body?: object, contentType = 'application/json'): Promise<unknown> {
  const options = {
    method,
    headers: { accept: 'application/json', ...(body ? { 'content-type': contentType } : {}) },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  };
  await config.applyToHTTPSOptions(options);
  const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const call = request(`${config.getCurrentCluster()?.server}${path}`, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('error', reject).on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on('error', reject).end(body ? JSON.stringify(body) : undefined);
  });
  if (status < 300) return JSON.parse(text);
  const what = `${method} ${path} was answered with ${status}: ${redact(text, REASON_CHARACTERS_MAX)}`;
  throw [401, 403, 422].includes(status) ? new Refused(what) : new ApiRefusal(status, what);
}
