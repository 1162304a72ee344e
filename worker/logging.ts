import { SdkComponent } from '@temporalio/common';
import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker';
import pino from 'pino';
import { readableLine } from './readable-log.ts';
import type { Settings } from './settings.ts';

/** Parts of the SDK, as it names them in its log. */
const OWN_AFFAIRS = new Set<unknown>([SdkComponent.worker, SdkComponent.core]);

/** Log lines on standard error, so that standard output stays a command's own: JSON, or text for a person at a terminal. */
export function openLog(settings: Pick<Settings, 'PARAMEDIC_LOG_LEVEL' | 'PARAMEDIC_LOG_FORMAT'>): pino.Logger {
  const lines = pino.destination({ dest: 2, sync: true });
  const format = settings.PARAMEDIC_LOG_FORMAT ?? (process.stderr.isTTY ? 'text' : 'json');
  const text = { write: (line: string) => lines.write(readableLine(line)) };
  return pino({ name: 'paramedic', level: settings.PARAMEDIC_LOG_LEVEL }, format === 'json' ? lines : text);
}

/** What the Temporal SDK, workflows and activities log, in the same lines as all else. */
export function temporalLogger(log: pino.Logger): Logger {
  const write = (level: LogLevel, message: string, metadata?: LogMetadata) => {
    // What the SDK tells at this level of its own comings and goings says nothing about incidents.
    const itsOwnAffair = level === 'INFO' && OWN_AFFAIRS.has(metadata?.sdkComponent);
    log[itsOwnAffair ? 'debug' : (level.toLowerCase() as Lowercase<LogLevel>)]({ ...metadata }, message);
  };
  return {
    log: write,
    trace: (message, metadata) => write('TRACE', message, metadata),
    debug: (message, metadata) => write('DEBUG', message, metadata),
    info: (message, metadata) => write('INFO', message, metadata),
    warn: (message, metadata) => write('WARN', message, metadata),
    error: (message, metadata) => write('ERROR', message, metadata),
  };
}
