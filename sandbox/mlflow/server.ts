import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../parts/part.ts';
import { answers } from '../readiness.ts';
import { loopback, type Site } from '../site.ts';

/** On a busy machine the first start, which makes the database, takes longer than a minute. */
const READY_MS_MAX = 180_000;

/** How a registry of the sandbox is run: its port, and its folder of data, have the part's name. */
export function mlflowServer({ dataDir, ports }: Site, name: 'mlflow' | 'mlflow-auth'): Run {
  const folder = join(dataDir, name);
  mkdirSync(folder, { recursive: true });
  const port = ports[name];
  return {
    args: [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'artifacts')],
      ...['--allowed-hosts', `127.0.0.1:${port},localhost:${port}`],
    ],
    env: { MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    address: loopback(port),
    isReady: () => answers(`${loopback(port)}/health`),
    readyMsMax: READY_MS_MAX,
  };
}
