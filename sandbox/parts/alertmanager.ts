import { join } from 'node:path';
import { answers } from '../readiness.ts';
import { gatewaySecretFile, loopback, type Site, writeConfig } from '../site.ts';
import type { Part } from './part.ts';

export const alertmanager: Part = {
  name: 'alertmanager',
  after: [],
  obtain: ({ program }) => program('alertmanager'),
  run(site) {
    const port = site.ports.alertmanager;
    return {
      args: [
        `--config.file=${writeConfig(site, 'alertmanager.json', configuration(site))}`,
        ...[`--storage.path=${join(site.dataDir, 'alertmanager')}`, `--web.listen-address=127.0.0.1:${port}`],
        '--cluster.listen-address=',
      ],
      address: loopback(port),
      isReady: () => answers(`${loopback(port)}/-/ready`),
    };
  },
};

/** All alerts go to the gateway, quickly, and again each minute. */
function configuration(site: Site): object {
  const receiver = {
    url: `${loopback(site.ports.gateway)}/alerts/alertmanager`,
    send_resolved: true,
    http_config: { authorization: { credentials_file: gatewaySecretFile(site) } },
  };
  return {
    route: {
      receiver: 'paramedic',
      group_by: ['alertname', 'namespace'],
      group_wait: '1s',
      group_interval: '5s',
      repeat_interval: '1m',
    },
    receivers: [{ name: 'paramedic', webhook_configs: [receiver] }],
  };
}
