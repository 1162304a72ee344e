import type { Connection } from '@temporalio/client';
import type pino from 'pino';
import { registerSearchAttributes } from '../../worker/register-attributes.ts';
import type { Settings } from '../../worker/settings.ts';
import { connectToTemporal } from '../../worker/temporal.ts';
import { requireNamespace } from '../../worker/temporal-health.ts';

/**
 * A connection to a Temporal that has our namespace and search attributes. Waits while Temporal is away; null when told to stop.
 * @throws when it stays away for too long, or has no such namespace.
 */
export async function reachTemporal(settings: Settings, log: pino.Logger, stop: Promise<unknown>): Promise<Connection | null> {
  const given = new AbortController();
  const connecting = connectToTemporal(settings, {
    patienceMs: settings.PARAMEDIC_CONNECT_SECONDS * 1000,
    signal: given.signal,
    waiting: (reason, pauseMs) =>
      log.warn({ temporal: settings.TEMPORAL_ADDRESS, reason, pauseMs }, 'Temporal cannot be reached; trying again.'),
  });
  const connection = await Promise.race([connecting, stop.then(() => null)]);
  if (!connection) {
    given.abort();
    await connecting.then((late) => late.close()).catch(() => undefined);
    return null;
  }
  await requireNamespace(connection, settings);
  await registerSearchAttributes(connection, settings.TEMPORAL_NAMESPACE);
  return connection;
}
