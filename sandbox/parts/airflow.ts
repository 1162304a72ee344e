import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { obtainAirflow } from '../airflow/environment.ts';
import { airflowSettings } from '../airflow/settings.ts';
import { loopback, type Site } from '../site.ts';
import type { Part } from './part.ts';

const SERVE = join(import.meta.dirname, '..', 'airflow', 'serve.py');

const ANSWER_MS_MAX = 2_000;
/** It loads a few thousand modules of Python in each of its servers. */
const READY_MS_MAX = 240_000;

const Server = z.object({ status: z.string().nullable() });
const Health = z.object({ scheduler: Server, dag_processor: Server });

/** Runs DAGs: the API server, the scheduler and the DAG processor, on SQLite, each task in a process of its own. */
export const airflow: Part = {
  name: 'airflow',
  after: [],
  optional: true,
  obtain: obtainAirflow,
  async run(site, python) {
    // It starts itself again and again by that name.
    const env = { PATH: `${dirname(python)}:${process.env.PATH}`, ...airflowSettings(site) };
    await migrate(site, python, env);
    const address = loopback(site.ports.airflow);
    return { args: [SERVE], env, address, isReady: () => isHealthy(address), readyMsMax: READY_MS_MAX };
  },
};

/** Whether it answers, and both the scheduler and the DAG processor have been heard of. */
async function isHealthy(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/api/v2/monitor/health`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(() => null);
  if (!answer?.ok) return false;
  const health = Health.parse(await answer.json());
  return health.scheduler.status === 'healthy' && health.dag_processor.status === 'healthy';
}

/** Makes the database, or brings it to the version of the program. Before the servers start, for it takes a while. */
async function migrate({ dataDir }: Site, python: string, env: Readonly<Record<string, string>>): Promise<void> {
  try {
    await promisify(execFile)(python, ['-m', 'airflow', 'db', 'migrate'], { cwd: dataDir, env: { HOME: dataDir, ...env } });
  } catch (error) {
    throw new Error(`Cannot make Airflow's database: ${(error as Error).message}`, { cause: error });
  }
}
