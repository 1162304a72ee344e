import { Runtime } from '@temporalio/worker';
import type pino from 'pino';
import { freePort } from './listen.ts';
import { temporalLogger } from './logging.ts';

const SCRAPE_TIMEOUT_MS = 3_000;
const TRIES_MAX = 3;

/** The Temporal SDK's own figures, in Prometheus' text format. */
export type SdkMetrics = () => Promise<string>;

/**
 * Gives the Temporal SDK our log, and its metrics an exporter on a free loopback port that only we read, so that one scrape of
 * ours shows both. Signals are left to us. Once per process, before any worker or connection is made.
 */
export async function installTelemetry(log: pino.Logger): Promise<SdkMetrics> {
  const address = await installOnFreePort(log);
  return async () => {
    try {
      return await (await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) })).text();
    } catch (error) {
      log.warn({ error: String(error) }, 'The metrics of the Temporal SDK cannot be read; they are missing from this scrape.');
      return '';
    }
  };
}

/** Between finding a port free and the exporter's taking it, somebody else may. */
async function installOnFreePort(log: pino.Logger): Promise<string> {
  for (let tries = 1; ; tries++) {
    const address = `127.0.0.1:${await freePort()}`;
    try {
      Runtime.install({
        logger: temporalLogger(log),
        shutdownSignals: [],
        telemetryOptions: {
          logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
          metrics: { prometheus: { bindAddress: address, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } },
        },
      });
      return address;
    } catch (error) {
      if (tries >= TRIES_MAX) throw error;
    }
  }
}
