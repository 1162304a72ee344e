import { howToRegister, missingSearchAttributes } from '../../worker/register-attributes.ts';
import type { Settings } from '../../worker/settings.ts';
import { connectToTemporal } from '../../worker/temporal.ts';
import { requireNamespace } from '../../worker/temporal-health.ts';
import { type Check, type Found, fail, ok, warn } from './check.ts';

/** Temporal, from reaching it to finding what incidents are listed by. */
export function temporalChecks(settings: Settings, isChosen: boolean): Check[] {
  return [{ name: 'temporal', look: () => lookAtTemporal(settings, isChosen) }];
}

async function lookAtTemporal(settings: Settings, isChosen: boolean): Promise<Found[]> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = settings;
  let connection: Awaited<ReturnType<typeof connectToTemporal>>;
  try {
    connection = await connectToTemporal(settings, { patienceMs: 0 });
  } catch (error) {
    const { message } = error as Error;
    if (!isChosen) return [warn(`None runs at ${address}.`, 'Run "paramedic up", which starts one, or set TEMPORAL_ADDRESS to yours.')];
    return [fail(`${message.split('. ')[0]}.`, 'Start it, or set TEMPORAL_ADDRESS to where it is.')];
  }
  try {
    await requireNamespace(connection, settings);
    const missing = await missingSearchAttributes(connection, namespace);
    const reached = ok(`Reached at ${address}; it has the namespace "${namespace}".`);
    if (missing.length === 0) return [reached, ok('Its search attributes are registered.')];
    const names = missing.map(({ name }) => name).join(', ');
    return [reached, warn(`Not registered yet: ${names}.`, `A worker registers them when it starts. ${howToRegister(missing, namespace)}`)];
  } finally {
    await connection.close();
  }
}
