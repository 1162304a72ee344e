import { createServer, type Server } from 'node:http';

/** Why a process is not ready, in words; null when it is. */
export type Check = () => Promise<string | null>;

/** An answer to an HTTP request, in plain text. */
interface HealthAnswer {
  readonly code: number;
  readonly body: string;
}

/** What a process shows of itself. Until it says what makes it ready, it is starting, and so not ready. */
export interface Health {
  readyWhen(checks: readonly Check[]): void;
  /** For good: a process that stops takes nothing new. */
  stopping(): void;
  isReady(): Promise<boolean>;
  /** The answer to `GET /healthz`, `GET /readyz` or `GET /metrics`; null for anything else. */
  answer(route: string): Promise<HealthAnswer | null>;
}

export function openHealth(metrics: () => Promise<string>): Health {
  let checks: readonly Check[] = [async () => 'starting'];
  let isStopping = false;
  async function readiness(): Promise<HealthAnswer> {
    if (isStopping) return { code: 503, body: 'not ready: stopping\n' };
    const reasons = (await Promise.all(checks.map((check) => check().catch(String)))).filter((reason) => reason !== null);
    return reasons.length === 0 ? { code: 200, body: 'ready\n' } : { code: 503, body: `not ready: ${reasons.join('; ')}\n` };
  }
  return {
    readyWhen: (given) => {
      checks = given;
    },
    stopping: () => {
      isStopping = true;
    },
    isReady: async () => (await readiness()).code === 200,
    async answer(route) {
      if (route === 'GET /healthz') return { code: 200, body: 'ok\n' };
      if (route === 'GET /readyz') return readiness();
      if (route === 'GET /metrics') return { code: 200, body: await metrics() };
      return null;
    },
  };
}

/** A server for the health alone, where no other one is there to answer. */
export function createHealthServer(health: Health): Server {
  return createServer((request, response) => {
    health
      .answer(`${request.method} ${request.url?.split('?')[0]}`)
      .catch((error): HealthAnswer => ({ code: 500, body: `${error}\n` }))
      .then((answer) => {
        const { code, body } = answer ?? { code: 404, body: 'There is GET /healthz, /readyz and /metrics.\n' };
        response.writeHead(code, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
        response.end(body);
      });
  });
}
