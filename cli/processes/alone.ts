import { openLog } from '../../worker/logging.ts';
import { readSettings } from '../../worker/settings.ts';
import { stopSignal } from '../../worker/stop-signal.ts';
import { runProcess } from './run.ts';

/** Runs one part as the whole process, with settings from the environment and the runbooks' own modes. */
export async function runAlone(part: 'worker' | 'gateway'): Promise<void> {
  const settings = readSettings(process.env);
  const log = openLog(settings);
  await runProcess({ gateway: part === 'gateway', worker: part === 'worker', settings, actsToo: false, log, stop: stopSignal(log) });
}
