import { doAtTheEnd, leaveUndone } from './lifeline.ts';
import type { Part, PartName } from './parts/part.ts';
import type { ServerProcess } from './server-process.ts';
import { logPath, type Site } from './site.ts';
import { startAnew } from './start-anew.ts';

/** How a part is doing. */
export type PartStatus = { readonly name: PartName; readonly logPath: string } & (
  | { readonly state: 'starting' | 'running'; readonly pid: number; readonly address: string }
  /** `reason` says how: "exited with 1", "was ended by SIGKILL". */
  | { readonly state: 'exited'; readonly reason: string }
);

/** A part of a sandbox that can be started, ended and started again. */
export interface RunningPart {
  readonly part: Part;
  status(): PartStatus;
  /** @throws when it runs already, or does not become ready. */
  start(): Promise<void>;
  /** Ends it if it runs, and returns when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** What every program may know of our environment; settings meant for another etcd or Temporal stay outside. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'TMPDIR', 'LANG', 'TZ'];

export function runningPart(part: Part, program: string, site: Site): RunningPart {
  const { name } = part;
  const log = logPath(site, name);
  let server: ServerProcess | null = null;
  let address = '';
  let ready = false;
  let ends = 0;
  let isStarting = false;

  function status(): PartStatus {
    const reason = server ? server.ended() : 'was not started';
    if (reason !== null || !server?.pid) return { name, logPath: log, state: 'exited', reason: reason ?? 'could not be started' };
    return { name, logPath: log, state: ready ? 'running' : 'starting', pid: server.pid, address };
  }

  async function start() {
    if (isStarting) throw new Error(`Cannot start ${name}: it is being started already.`);
    if (server && server.ended() === null) throw new Error(`Cannot start ${name}: it is running already, as process ${server.pid}.`);
    isStarting = true;
    try {
      await startNow();
    } finally {
      isStarting = false;
    }
  }

  async function startNow() {
    ready = false;
    const before = ends;
    const goOn = () => {
      if (ends !== before) throw new Error(`${name} was ended before it was ready.`);
    };
    const run = await part.run(site, program);
    goOn();
    address = run.address;
    const [executable, ...args] = [...(run.through ?? []), program, ...run.args] as [string, ...string[]];
    const spec = { name, program: executable, args, env: { ...passedOn(), ...run.env }, cwd: site.dataDir, logPath: log };
    if (part.cleanUpScript) doAtTheEnd(part.cleanUpScript(site));
    await startAnew(
      async () => {
        goOn();
        return { spec, isReady: run.isReady, readyMsMax: run.readyMsMax };
      },
      (started) => {
        server = started;
      },
    );
    await part.setUp?.(site);
    goOn();
    ready = true;
  }

  async function end(signal: NodeJS.Signals) {
    ends++;
    await server?.stop(signal);
    if (!server || !part.cleanUp) return;
    await part.cleanUp(site);
    if (part.cleanUpScript) leaveUndone(part.cleanUpScript(site));
  }

  return { part, status, start, end };
}

function passedOn(): NodeJS.ProcessEnv {
  return Object.fromEntries(PASSED_ON.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
}
