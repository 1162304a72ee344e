import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Every port of a sandbox. `gateway` is where Alertmanager sends to; nothing of the sandbox itself listens there. */
export const PORT_NAMES = [
  'temporal',
  'temporal-ui',
  'temporal-http',
  'temporal-metrics',
  'etcd',
  'etcd-peer',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kubelet',
  'kserve-webhooks',
  'kserve-health',
  'mlflow',
  'kube-state-metrics',
  'kube-state-metrics-telemetry',
  'alertmanager',
  'prometheus',
  'gateway',
  'mlflow-auth',
  'airflow',
  'jobset-webhooks',
  'jobset-health',
  'trainer-webhooks',
  'trainer-health',
  'training-operator-webhooks',
  'training-operator-health',
  'argo-workflow-controller-health',
  'argo-server',
] as const;

export type PortName = (typeof PORT_NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

/** A sandbox's own ports, for as long as they are not let go. */
export interface ReservedPorts {
  readonly ports: Ports;
  release(): void;
}

/**
 * Ports come from blocks below 32768, where Linux and macOS never put the local end of an outgoing connection, so that what
 * was free when it was chosen is free when its server listens. The first port of a block is held by the sandbox that owns
 * the block: two sandboxes that start at once never choose the same port.
 */
const FIRST_BLOCK = 20_000;
const BLOCK = 100;
const LAST_BLOCK = 32_600;

/**
 * Reserves a port for every name: the same ones each time, unless they are taken.
 * @throws when a port that was asked for by number is taken, or is asked for twice, naming port and part.
 */
export async function reservePorts(asked: Partial<Ports> = {}): Promise<ReservedPorts> {
  const owners = new Map<number, string>();
  for (const [name, port] of Object.entries(asked)) {
    const owner = owners.get(port);
    if (owner) throw new Error(`Cannot give port ${port} to both ${owner} and ${name}.`);
    owners.set(port, name);
    const holder = await listenOn(port);
    if (!holder) throw new Error(`Cannot give port ${port} to ${name}: it is taken. Choose another one, or leave it out for a free one.`);
    await close(holder);
  }
  for (let block = FIRST_BLOCK; block <= LAST_BLOCK; block += BLOCK) {
    const holder = await listenOn(block);
    if (!holder) continue;
    holder.unref();
    return { ports: await choose(block, asked), release: () => holder.close() };
  }
  throw new Error(`Every block of ports from ${FIRST_BLOCK} to ${LAST_BLOCK + BLOCK} is taken by other sandboxes. Take one of them down.`);
}

async function choose(block: number, asked: Partial<Ports>): Promise<Ports> {
  const chosen: Partial<Record<PortName, number>> = { ...asked };
  const spoken = new Set(Object.values(asked));
  let spare = block + PORT_NAMES.length + 1;
  for (const [index, name] of PORT_NAMES.entries()) {
    let port = block + 1 + index;
    while (chosen[name] === undefined) {
      if (!spoken.has(port) && (await isFree(port))) chosen[name] = port;
      else if (spare < block + BLOCK) port = spare++;
      else throw new Error(`No port from ${block} to ${block + BLOCK - 1} is free for ${name}.`);
    }
  }
  return chosen as Ports;
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  if (server) await close(server);
  return server !== null;
}

/** A server that holds the port; null when it is taken. */
async function listenOn(port: number): Promise<Server | null> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
