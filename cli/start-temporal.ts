import { join } from 'node:path';
import { createObtainer } from '../sandbox/obtain.ts';
import { answers } from '../sandbox/readiness.ts';
import type { ServerProcess } from '../sandbox/server-process.ts';
import { startAnew } from '../sandbox/start-anew.ts';
import { freePort } from '../worker/listen.ts';

/** How a Temporal server of our own is started. */
export interface TemporalStart {
  /** Where its log is, and what it writes. */
  readonly folder: string;
  /** Asked for each start. `ui` is null where nobody looks. */
  readonly ports: () => Promise<{ readonly port: number; readonly ui: number | null }>;
  /** Null: it remembers nothing. */
  readonly database: string | null;
  readonly progress: (line: string) => void;
}

/** A Temporal server that ends with this process, however that ends. */
export interface StartedTemporal {
  readonly server: ServerProcess;
  readonly port: number;
  readonly ui: number | null;
  readonly logPath: string;
}

/** @throws when it does not start; the sentence names its log. */
export async function startTemporal({ folder, ports, database, progress }: TemporalStart): Promise<StartedTemporal> {
  const program = await createObtainer({ progress }).program('temporal');
  const logPath = join(folder, 'temporal.log');
  const { server, attempt } = await startAnew(async () => {
    const { port, ui } = await ports();
    const httpPort = await freePort();
    const args = [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, ...(ui === null ? ['--headless'] : ['--ui-port', `${ui}`])],
      ...['--http-port', `${httpPort}`, '--metrics-port', `${await freePort()}`],
      ...(database === null ? [] : ['--db-filename', database]),
      ...['--log-level', 'warn'],
      // Else a shard's queue is read twenty times a second at most, and every step of an incident waits for it.
      ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000'],
    ];
    return {
      ...{ port, ui },
      spec: { name: 'temporal', program, args, env: process.env, cwd: folder, logPath },
      isReady: () => answers(`http://127.0.0.1:${httpPort}/api/v1/namespaces/default`),
    };
  });
  return { server, port: attempt.port, ui: attempt.ui, logPath };
}
