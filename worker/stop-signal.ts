import type pino from 'pino';

/** The bound on an orderly end: past the worker's own, after which what still runs is given up. */
const STOP_WITHIN_MS = 30_000;
/** `npm run` passes Ctrl-C on to a process that the terminal has already told: that is not somebody asking twice. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Resolves upon the first SIGTERM or SIGINT. A second one, or an end that takes too long, ends the process with exit code 1:
 * Temporal keeps every incident, so nothing is lost by it.
 */
export function stopSignal(log: pino.Logger): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const giveUp = (reason: string) => {
      log.error(reason);
      process.exit(1);
    };
    let firstAtMs: number | null = null;
    const stop = (signal: NodeJS.Signals) => {
      if (firstAtMs !== null) {
        if (Date.now() - firstAtMs > SAME_SIGNAL_MS) giveUp('A second signal came; ending at once.');
        return;
      }
      firstAtMs = Date.now();
      log.info({ signal, withinMs: STOP_WITHIN_MS }, 'Stopping. Send the signal again to end at once.');
      setTimeout(() => giveUp(`It has not stopped within ${STOP_WITHIN_MS / 1000} s; ending at once.`), STOP_WITHIN_MS).unref();
      resolve(signal);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  });
}
