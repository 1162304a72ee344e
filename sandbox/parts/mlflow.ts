import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { obtainMlflow } from '../mlflow/environment.ts';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

/** The model registry, on SQLite. */
export const mlflow: Part = {
  name: 'mlflow',
  after: [],
  obtain: obtainMlflow,
  run({ dataDir, ports }) {
    const folder = join(dataDir, 'mlflow');
    mkdirSync(folder, { recursive: true });
    const port = ports.mlflow;
    return {
      args: [
        ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1'],
        ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`, '--artifacts-destination', join(folder, 'artifacts')],
        ...['--allowed-hosts', `127.0.0.1:${port},localhost:${port}`],
      ],
      env: { MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
      address: loopback(port),
      isReady: () => answers(`${loopback(port)}/health`),
    };
  },
};
