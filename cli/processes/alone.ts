import { openLog } from '../../worker/logging.ts';
import { readSettings } from '../../worker/settings.ts';
import { stopSignal } from '../../worker/stop-signal.ts';
import { namespaceList } from '../../worker/watch-settings.ts';
import { runProcess } from './run.ts';

/** Runs one part as the whole process, with settings from the environment and the runbooks' own modes. */
export async function runAlone(part: 'worker' | 'gateway' | 'watch', namespaces: readonly string[] = []): Promise<void> {
  const given = readSettings(process.env);
  const settings = namespaces.length === 0 ? given : { ...given, PARAMEDIC_WATCH_NAMESPACES: namespaceList.parse(namespaces) };
  const log = openLog(settings);
  const parts = { gateway: part === 'gateway', worker: part === 'worker', watch: part === 'watch' ? ('elected' as const) : null };
  await runProcess({ ...parts, settings, actsToo: false, log, stop: stopSignal(log) });
}
