import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { KubeConfig } from '@kubernetes/client-node';

/** What becomes of an event of a watch, one after the other, over and over. */
export type Disturbance = 'pass' | 'drop' | 'repeat' | 'delay' | 'stale' | 'cut';

const DELAY_MS = 2_000;
/** So many earlier events are kept, to be told again long after they were so. */
const STALE_MAX = 20;

/** What stands between a watch and the API server. */
export interface DisturbingProxy {
  /** As the one given, by way of the proxy. */
  readonly config: KubeConfig;
  readonly done: Record<Disturbance, number>;
  /** From now on nothing passes any more, and what is under way breaks off. */
  cutOff(): void;
  close(): Promise<void>;
}

/** Lists and reads pass as they are; events of watches are dropped, repeated, delayed, told anew long after, or cut off in the middle. */
export async function openDisturbingProxy(config: KubeConfig, disturbances: readonly Disturbance[]): Promise<DisturbingProxy> {
  const cluster = config.getCurrentCluster()!;
  const tls: Record<string, unknown> = {};
  await config.applyToHTTPSOptions(tls);
  const { ca, headers: credentials } = tls as { ca?: Buffer; headers?: Record<string, string> };
  const done: DisturbingProxy['done'] = { pass: 0, drop: 0, repeat: 0, delay: 0, stale: 0, cut: 0 };
  let next = 0;
  let isCutOff = false;

  function disturb(answer: IncomingMessage, response: ServerResponse): void {
    const earlier: string[] = [];
    const write = (line: string) => response.writable && response.write(`${line}\n`);
    const lines = createInterface(answer);
    lines.on('error', () => response.destroy());
    lines.on('line', (line) => {
      const what = disturbances[next++ % disturbances.length] ?? 'pass';
      done[what]++;
      earlier.push(line);
      if (earlier.length > STALE_MAX) earlier.shift();
      if (what === 'drop') return;
      if (what === 'delay') return void setTimeout(write, DELAY_MS, line).unref();
      write(line);
      if (what === 'repeat') write(line);
      if (what === 'stale') for (const old of earlier.toReversed()) write(old);
      if (what === 'cut') {
        response.write(line.slice(0, line.length / 2));
        response.socket?.destroy();
      }
    });
    answer.on('end', () => response.end());
    answer.on('error', () => response.destroy());
  }

  const server = createServer((incoming, response) => {
    if (isCutOff) return void response.socket?.destroy();
    const isWatch = new URL(incoming.url!, cluster.server).searchParams.get('watch') === 'true';
    const { host: _host, ...headers } = incoming.headers;
    const onward = request(
      `${cluster.server}${incoming.url}`,
      { method: incoming.method, headers: { ...headers, ...credentials }, ca },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (isWatch && answer.statusCode === 200) {
          response.flushHeaders();
          disturb(answer, response);
        } else answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  through.loadFromOptions({
    clusters: [{ name: 'proxied', server: url, skipTLSVerify: true }],
    users: [{ name: 'nobody' }],
    contexts: [{ name: 'proxied', cluster: 'proxied', user: 'nobody' }],
    currentContext: 'proxied',
  });
  return {
    config: through,
    done,
    cutOff() {
      isCutOff = true;
      server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
