import { openLog } from '../../worker/logging.ts';
import { readSettings } from '../../worker/settings.ts';
import { stopSignal } from '../../worker/stop-signal.ts';
import { runProcess } from './run.ts';

/**
 * Runs one part as the whole process, with settings from the environment and the runbooks' own modes.
 * @param given what the command line says, as it would stand in the environment
 */
export async function runAlone(part: 'worker' | 'gateway' | 'watch', given: NodeJS.ProcessEnv = {}): Promise<void> {
  const settings = readSettings({ ...process.env, ...given });
  const log = openLog(settings);
  const parts = { gateway: part === 'gateway', worker: part === 'worker', watch: part === 'watch' ? ('elected' as const) : null };
  await runProcess({ ...parts, settings, actsToo: false, log, stop: stopSignal(log) });
}
