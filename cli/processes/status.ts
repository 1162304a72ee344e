import type { Connection } from '@temporalio/client';
import type { Registry } from 'prom-client';
import type { StatusAccess } from '../../gateway/status/access.ts';
import { openStatusDoor, type StatusDoor } from '../../gateway/status/door.ts';
import { addStatusGauges } from '../../gateway/status/gauges.ts';
import { openStatusReader } from '../../gateway/status/reader.ts';
import { openStatusSources } from '../../worker/services.ts';
import { isLoopback, type Settings } from '../../worker/settings.ts';

/** How the cluster stands, as the gateway shows it and counts it. @param connection null while Temporal has not been reached yet */
export function openStatus(settings: Settings, connection: () => Connection | null, registry: Registry): StatusDoor {
  const cluster = settings.PARAMEDIC_CLUSTER;
  const reader = openStatusReader(cluster, () => {
    const reached = connection();
    return reached && openStatusSources(settings, reached);
  });
  addStatusGauges(registry, cluster, reader);
  return openStatusDoor(cluster, reader, statusAccess(settings));
}

/** What is shown names workloads, so that others than this machine's must say who they are. */
function statusAccess({ PARAMEDIC_PEOPLE_TOKENS: holders, PARAMEDIC_GATEWAY_HOST: host }: Settings): StatusAccess {
  if (holders) return { holders };
  return isLoopback(host) ? 'thisMachine' : 'nobody';
}
