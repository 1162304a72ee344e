import { join } from 'node:path';
import { answers } from '../readiness.ts';
import { loopback } from '../site.ts';
import type { Part } from './part.ts';

export const etcd: Part = {
  name: 'etcd',
  after: [],
  obtain: ({ program }) => program('etcd'),
  run({ dataDir, ports }) {
    const [clients, peers] = [loopback(ports.etcd), loopback(ports['etcd-peer'])];
    return {
      args: [
        // Without waiting for the disk it is quick; only a crash of the machine itself could lose data.
        ...['--data-dir', join(dataDir, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
        ...['--listen-client-urls', clients, '--advertise-client-urls', clients],
        ...['--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers, '--initial-cluster', `default=${peers}`],
      ],
      address: clients,
      isReady: () => answers(`${clients}/health`),
    };
  },
};
