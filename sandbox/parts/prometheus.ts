import { join } from 'node:path';
import { answers } from '../readiness.ts';
import { loopback, type Site, writeConfig } from '../site.ts';
import type { Part } from './part.ts';

export const prometheus: Part = {
  name: 'prometheus',
  // It looks for the others until they are there.
  after: [],
  obtain: ({ program }) => program('prometheus'),
  run(site) {
    const port = site.ports.prometheus;
    return {
      args: [
        `--config.file=${writeConfig(site, 'prometheus.json', configuration(site))}`,
        ...[`--storage.tsdb.path=${join(site.dataDir, 'prometheus')}`, `--web.listen-address=127.0.0.1:${port}`],
      ],
      address: loopback(port),
      isReady: () => answers(`${loopback(port)}/-/ready`),
    };
  },
};

function configuration({ ports }: Site): object {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(import.meta.dirname, '..', 'prometheus', 'rules.yaml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }] }] },
    scrape_configs: [
      {
        job_name: 'kube-state-metrics',
        honor_labels: true,
        // One name whatever the port, so that after a start on other ports the old series go on instead of standing beside new ones.
        static_configs: [{ targets: [`127.0.0.1:${ports['kube-state-metrics']}`], labels: { instance: 'kube-state-metrics' } }],
      },
    ],
  };
}
