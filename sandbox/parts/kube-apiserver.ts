import { writeKubeconfig } from '../kubeconfig.ts';
import { grantParamedic } from '../paramedic-access.ts';
import { answers } from '../readiness.ts';
import { auditLogPath, loopback, writeConfig } from '../site.ts';
import type { Part } from './part.ts';

/** One line per request that was answered: who, what, on which object, with which result. */
const AUDIT_POLICY = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata', omitStages: ['RequestReceived'] }] };

export const kubeApiserver: Part = {
  name: 'kube-apiserver',
  after: ['etcd'],
  obtain: ({ program }) => program('kube-apiserver'),
  run(site) {
    const { ports, credentials } = site;
    const url = loopback(ports['kube-apiserver'], 'https');
    writeKubeconfig(site, 'admin', credentials.adminToken);
    return {
      args: [
        ...[`--etcd-servers=${loopback(ports.etcd)}`, `--secure-port=${ports['kube-apiserver']}`, '--bind-address=127.0.0.1'],
        // It would look for an address to give to pods, and end on a machine that has no network. No pod asks for it.
        ...['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
        ...[`--tls-cert-file=${credentials.servingCertFile}`, `--tls-private-key-file=${credentials.servingKeyFile}`],
        ...[`--service-account-key-file=${credentials.serviceAccountKeyFile}`, '--service-account-issuer=https://sandbox'],
        ...[`--service-account-signing-key-file=${credentials.serviceAccountKeyFile}`, '--service-cluster-ip-range=10.0.0.0/24'],
        ...[`--token-auth-file=${credentials.tokenFile}`, '--authorization-mode=RBAC', `--audit-log-path=${auditLogPath(site)}`],
        ...[
          `--kubelet-client-certificate=${credentials.kubeletClientCertFile}`,
          `--kubelet-client-key=${credentials.kubeletClientKeyFile}`,
        ],
        // A node's name need not be one that this machine can resolve.
        '--kubelet-preferred-address-types=InternalIP',
        `--audit-policy-file=${writeConfig(site, 'audit-policy.json', AUDIT_POLICY)}`,
      ],
      address: url,
      isReady: () =>
        answers(`${url}/readyz`, {
          headers: { authorization: `Bearer ${credentials.adminToken}` },
          authorityFile: credentials.servingCertFile,
        }),
    };
  },
  setUp: grantParamedic,
};
