import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { openStage, type Stage } from '../../rehearsal/stage.ts';
import { readyWorkflows } from '../../worker/bundle.ts';
import { freePort } from '../../worker/listen.ts';
import { startTemporal } from '../start-temporal.ts';

/** Brings up what incidents are played on for the time of a call: a Temporal of its own that remembers nothing. */
export async function onStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  // What is ended in the midst of something is told as a warning, and is meant.
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-rehearsal-'));
  try {
    const [temporal, bundle] = await Promise.all([
      startTemporal({ folder, ports: async () => ({ port: await freePort(), ui: null }), database: null, progress: say }),
      readyWorkflows(process.env.PARAMEDIC_WORKFLOW_BUNDLE || undefined),
    ]);
    try {
      const stage = await openStage(`127.0.0.1:${temporal.port}`, bundle);
      try {
        return await play(stage);
      } finally {
        await stage.leave();
      }
    } finally {
      await temporal.server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
