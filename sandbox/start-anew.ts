import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { type ServerProcess, type ServerSpec, startServer } from './server-process.ts';

const ATTEMPTS_MAX = 5;
/** What a server in Go says when a port is taken, and what Temporal says when it finds none. */
const PORT_TAKEN = /address already in use|failed to assign a free port|failed assigning ephemeral port/;

/** One start: the server, and how it is known to be ready. */
export interface Attempt {
  readonly spec: ServerSpec;
  isReady(): Promise<boolean>;
  readonly readyMsMax?: number | undefined;
}

/**
 * Starts a server, and starts it anew when it ends because a port is taken. Temporal chooses some of its ports by itself, for
 * the services behind its frontend, and may lose one again before it listens there; no option sets them.
 * @param prepare asked for each start, so that ports we choose can be others
 * @param started is told of each server at once
 * @throws what `untilReady` does, when there is another reason or it happens again and again
 */
export async function startAnew<A extends Attempt>(
  prepare: () => Promise<A>,
  started: (server: ServerProcess) => void = () => {},
): Promise<{ readonly server: ServerProcess; readonly attempt: A }> {
  for (let times = 1; ; times++) {
    const attempt = await prepare();
    const { spec, isReady, readyMsMax } = attempt;
    const said = existsSync(spec.logPath) ? statSync(spec.logPath).size : 0;
    const server = startServer(spec);
    started(server);
    try {
      await server.untilReady(isReady, readyMsMax);
      return { server, attempt };
    } catch (error) {
      if (times === ATTEMPTS_MAX || !PORT_TAKEN.test(readFrom(spec.logPath, said))) throw error;
    }
  }
}

/** A file's text from a position on. */
function readFrom(path: string, position: number): string {
  const text = Buffer.alloc(statSync(path).size - position);
  const file = openSync(path, 'r');
  try {
    readSync(file, text, 0, text.length, position);
  } finally {
    closeSync(file);
  }
  return text.toString();
}
