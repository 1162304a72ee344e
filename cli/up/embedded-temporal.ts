import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../worker/listen.ts';
import { whyNotReachable } from '../../worker/reachable.ts';
import { startTemporal } from '../start-temporal.ts';
import { type EmbeddedTemporal, forgetEmbeddedTemporal, readEmbeddedTemporal, writeEmbeddedTemporal } from '../state-folder.ts';

/** Temporal's usual ports, taken where they are free so that its own tools find it. */
const USUAL_PORT = 7233;
const USUAL_UI_PORT = 8233;
const LOOK_EVERY_MS = 1_000;

/** A Temporal server that ends with this process, however that ends. */
export interface RunningTemporal extends EmbeddedTemporal {
  /** Rejects when it ends without being asked to; otherwise it never settles. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts a Temporal server over the database file of the folder.
 * @throws when another one runs over it, or it does not start; the sentence names its log.
 */
export async function startEmbeddedTemporal(folder: string, progress: (line: string) => void): Promise<RunningTemporal> {
  const other = readEmbeddedTemporal(folder);
  if (other && (await whyNotReachable(other.address, 1_000)) === null)
    throw new Error(
      `Cannot start Temporal over ${folder}: another "paramedic up" runs it at ${other.address}. End that one, or choose another folder with --data.`,
    );
  const { server, port, ui, logPath } = await startTemporal({
    folder,
    ports: async () => ({ port: await portNear(USUAL_PORT), ui: await portNear(USUAL_UI_PORT) }),
    database: join(folder, 'temporal.db'),
    progress,
  });
  const embedded = { address: `127.0.0.1:${port}`, uiUrl: `http://127.0.0.1:${ui}` };
  writeEmbeddedTemporal(folder, embedded);
  let isStopping = false;
  const failed = (async () => {
    while (server.ended() === null || isStopping) await pause(LOOK_EVERY_MS, undefined, { ref: false });
    throw new Error(`The Temporal server that was started here ${server.ended()}. Its log is ${logPath}.`);
  })();
  failed.catch(() => undefined);
  return {
    ...embedded,
    failed,
    async stop() {
      isStopping = true;
      await server.stop();
      forgetEmbeddedTemporal(folder);
    },
  };
}

async function portNear(usual: number): Promise<number> {
  return (await whyNotReachable(`127.0.0.1:${usual}`, 1_000)) === null ? freePort() : usual;
}
