import { NativeConnection } from '@temporalio/worker';
import { type TemporalSettings, temporalConnectionOptions } from './temporal.ts';

/** The worker's own connection. Made once `connectToTemporal` has said that the server answers. */
export function connectWorkerToTemporal(settings: TemporalSettings): Promise<NativeConnection> {
  return NativeConnection.connect(temporalConnectionOptions(settings));
}
