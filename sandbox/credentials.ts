import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Keys and tokens of one sandbox, made anew for each. */
export interface Credentials {
  readonly adminToken: string;
  readonly tokenFile: string;
  readonly serviceAccountKeyFile: string;
  readonly servingCertFile: string;
  readonly servingKeyFile: string;
}

export async function makeCredentials(folder: string): Promise<Credentials> {
  const adminToken = randomBytes(24).toString('hex');
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const servingCertFile = join(folder, 'serving.crt');
  const servingKeyFile = join(folder, 'serving.key');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '365', '-subj', '/CN=sandbox'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', servingKeyFile, '-out', servingCertFile],
  ]);
  return {
    adminToken,
    tokenFile: write('tokens.csv', `${adminToken},admin,admin,system:masters\n`),
    serviceAccountKeyFile: write('service-account.key', privateKey),
    servingCertFile,
    servingKeyFile,
  };
}

/** A kubeconfig for the sandbox's administrator. */
export function writeKubeconfig(folder: string, apiServerUrl: string, { adminToken, servingCertFile }: Credentials): string {
  const path = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [{ name: 'sandbox', cluster: { server: apiServerUrl, 'certificate-authority': servingCertFile } }],
    users: [{ name: 'admin', user: { token: adminToken } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'admin' } }],
  };
  writeFileSync(path, JSON.stringify(config, null, 2), { mode: 0o600 });
  return path;
}
