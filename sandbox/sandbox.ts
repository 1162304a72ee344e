import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { makeCredentials, writeKubeconfig } from './credentials.ts';
import { obtain } from './obtain.ts';
import type { ProgramName } from './programs.ts';
import { freePort, type ServerProcess, type ServerSpec, startServer } from './server-process.ts';

/** Where everything of a running sandbox is. */
export interface Sandbox {
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  readonly kubeconfigPath: string;
  /** The API server's audit log, the judge of what was really done. */
  readonly auditLogPath: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Where Alertmanager sends to, with this secret. */
  readonly gatewayPort: number;
  readonly gatewaySecret: string;
  down(): Promise<void>;
}

/** Brings the real stack up on loopback, in a folder of its own, or leaves nothing running. */
export async function bringUp(folder: string, progress: (line: string) => void): Promise<Sandbox> {
  mkdirSync(folder, { recursive: true });
  const running: ServerProcess[] = [];
  const down = async () => {
    for (const server of running.splice(0).reverse()) await server.stop();
  };
  const start = async (name: ProgramName, spec: Omit<ServerSpec, 'name' | 'program'>) => {
    const server = await startServer({ name, program: await obtain(name, progress), ...spec }, folder);
    running.push(server);
    progress(`${name}: running`);
  };
  try {
    return { ...(await startAll(folder, start)), down };
  } catch (error) {
    await down();
    throw error;
  }
}

type Start = (name: ProgramName, spec: Omit<ServerSpec, 'name' | 'program'>) => Promise<void>;

async function startAll(folder: string, start: Start): Promise<Omit<Sandbox, 'down'>> {
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const port = {
    temporal: await freePort(),
    temporalUi: await freePort(),
    etcd: await freePort(),
    etcdPeer: await freePort(),
    api: await freePort(),
    stateMetrics: await freePort(),
    stateMetricsTelemetry: await freePort(),
    prometheus: await freePort(),
    alertmanager: await freePort(),
    gateway: await freePort(),
  };
  const local = (number: number) => `http://127.0.0.1:${number}`;
  const gatewaySecret = randomBytes(24).toString('hex');
  const credentials = await makeCredentials(folder);
  const apiServerUrl = `https://127.0.0.1:${port.api}`;
  const kubeconfigPath = writeKubeconfig(folder, apiServerUrl, credentials);
  const auditLogPath = join(folder, 'audit.log');

  await start('temporal', {
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port.temporal}`, '--ui-port', `${port.temporalUi}`],
      ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'warn'],
      ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000'],
    ],
    readyUrl: local(port.temporalUi),
  });
  await start('etcd', {
    args: [
      ...['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level', 'warn'],
      ...['--listen-client-urls', local(port.etcd), '--advertise-client-urls', local(port.etcd)],
      ...['--listen-peer-urls', local(port.etcdPeer), '--initial-advertise-peer-urls', local(port.etcdPeer)],
      ...['--initial-cluster', `default=${local(port.etcdPeer)}`],
    ],
    readyUrl: `${local(port.etcd)}/health`,
  });
  await start('kube-apiserver', {
    args: [
      ...[`--etcd-servers=${local(port.etcd)}`, `--secure-port=${port.api}`, '--bind-address=127.0.0.1'],
      ...[`--tls-cert-file=${credentials.servingCertFile}`, `--tls-private-key-file=${credentials.servingKeyFile}`],
      ...[`--service-account-key-file=${credentials.serviceAccountKeyFile}`, '--service-account-issuer=https://sandbox'],
      ...[`--service-account-signing-key-file=${credentials.serviceAccountKeyFile}`, '--service-cluster-ip-range=10.0.0.0/24'],
      ...[`--token-auth-file=${credentials.tokenFile}`, '--authorization-mode=RBAC', `--audit-log-path=${auditLogPath}`],
      `--audit-policy-file=${file('audit-policy.json', JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata', omitStages: ['RequestReceived'] }] }))}`,
    ],
    readyUrl: null,
  });
  const cluster = new KubeConfig();
  cluster.loadFromFile(kubeconfigPath);
  await apiServerReady(cluster);
  const asAdmin = [`--kubeconfig=${kubeconfigPath}`];
  const controller = [...asAdmin, '--leader-elect=false', '--bind-address=127.0.0.1'];
  await start('kube-controller-manager', {
    args: [...controller, '--secure-port=0', `--service-account-private-key-file=${credentials.serviceAccountKeyFile}`],
    readyUrl: null,
  });
  await start('kube-scheduler', { args: [...controller, '--secure-port=0'], readyUrl: null });
  await start('kwok', {
    args: [
      ...asAdmin,
      '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
      '--config',
      join(import.meta.dirname, 'kwok', 'stages.yaml'),
    ],
    readyUrl: null,
  });
  await cluster.makeApiClient(CoreV1Api).createNode({
    body: { metadata: { name: 'simulated-1', annotations: { 'kwok.x-k8s.io/node': 'fake' } } },
  });
  await start('kube-state-metrics', {
    args: [
      ...asAdmin,
      ...['--host=127.0.0.1', `--port=${port.stateMetrics}`],
      ...['--telemetry-host=127.0.0.1', `--telemetry-port=${port.stateMetricsTelemetry}`, '--resources=pods,deployments,replicasets'],
    ],
    readyUrl: `${local(port.stateMetrics)}/healthz`,
  });
  const receiver = {
    url: `${local(port.gateway)}/alerts/alertmanager`,
    send_resolved: true,
    http_config: { authorization: { credentials_file: file('gateway-secret', gatewaySecret) } },
  };
  await start('alertmanager', {
    args: [
      `--config.file=${file(
        'alertmanager.json',
        JSON.stringify({
          route: {
            receiver: 'paramedic',
            group_by: ['alertname', 'namespace'],
            group_wait: '1s',
            group_interval: '5s',
            repeat_interval: '1m',
          },
          receivers: [{ name: 'paramedic', webhook_configs: [receiver] }],
        }),
      )}`,
      ...[`--storage.path=${join(folder, 'alertmanager')}`, `--web.listen-address=127.0.0.1:${port.alertmanager}`],
      '--cluster.listen-address=',
    ],
    readyUrl: `${local(port.alertmanager)}/-/ready`,
  });
  await start('prometheus', {
    args: [
      `--config.file=${file(
        'prometheus.json',
        JSON.stringify({
          global: { scrape_interval: '1s', evaluation_interval: '1s' },
          rule_files: [join(import.meta.dirname, 'prometheus', 'rules.yaml')],
          alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${port.alertmanager}`] }] }] },
          scrape_configs: [
            { job_name: 'kube-state-metrics', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${port.stateMetrics}`] }] },
          ],
        }),
      )}`,
      ...[`--storage.tsdb.path=${join(folder, 'prometheus')}`, `--web.listen-address=127.0.0.1:${port.prometheus}`],
    ],
    readyUrl: `${local(port.prometheus)}/-/ready`,
  });
  return {
    temporalAddress: `127.0.0.1:${port.temporal}`,
    temporalUiUrl: local(port.temporalUi),
    kubeconfigPath,
    auditLogPath,
    prometheusUrl: local(port.prometheus),
    alertmanagerUrl: local(port.alertmanager),
    gatewayPort: port.gateway,
    gatewaySecret,
  };
}

async function apiServerReady(cluster: KubeConfig): Promise<void> {
  const core = cluster.makeApiClient(CoreV1Api);
  for (let tries = 0; ; tries++) {
    try {
      await core.readNamespace({ name: 'default' });
      return;
    } catch (error) {
      if (tries > 300) throw new Error('The API server did not answer within 60 s.', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
