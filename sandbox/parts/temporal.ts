import { join } from 'node:path';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

export const temporal: Part = {
  name: 'temporal',
  after: [],
  obtain: ({ program }) => program('temporal'),
  run({ dataDir, ports }) {
    return {
      args: [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${ports.temporal}`, '--ui-port', `${ports['temporal-ui']}`],
        ...['--http-port', `${ports['temporal-http']}`, '--metrics-port', `${ports['temporal-metrics']}`],
        ...['--db-filename', join(dataDir, 'temporal.db'), '--log-level', 'warn'],
        // By default a shard's queue is read at most 20 times a second, which makes every step of a workflow slow.
        ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000'],
      ],
      address: `127.0.0.1:${ports.temporal}`,
      isReady: async () =>
        (await answers(`${loopback(ports['temporal-http'])}/api/v1/namespaces/default`)) && (await answers(loopback(ports['temporal-ui']))),
    };
  },
};
