import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Keys and tokens of one sandbox. */
export interface Credentials {
  readonly adminToken: string;
  readonly tokenFile: string;
  readonly serviceAccountKeyFile: string;
  /** For every server on 127.0.0.1 that speaks TLS; it signs itself, so it is also the authority to trust. */
  readonly servingCertFile: string;
  readonly servingKeyFile: string;
  /** What the API server shows a kubelet; it signs itself, so it is also the authority that a kubelet trusts. */
  readonly kubeletClientCertFile: string;
  readonly kubeletClientKeyFile: string;
}

/** Makes keys and tokens in a folder, but for those that are there. */
export async function makeCredentials(folder: string): Promise<Credentials> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string, make: () => string) => {
    const path = join(folder, name);
    if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 });
    return path;
  };
  const adminToken = readFileSync(
    file('admin-token', () => randomBytes(24).toString('hex')),
    'utf8',
  );
  const serviceAccountKeyFile = file('service-account.key', newPrivateKey);
  const servingCertFile = join(folder, 'serving.crt');
  const servingKeyFile = join(folder, 'serving.key');
  if (!existsSync(servingCertFile))
    await makeCertificate('/CN=sandbox', servingCertFile, servingKeyFile, ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']);
  const kubeletClientCertFile = join(folder, 'kubelet-client.crt');
  const kubeletClientKeyFile = join(folder, 'kubelet-client.key');
  if (!existsSync(kubeletClientCertFile)) await makeCertificate('/CN=kube-apiserver', kubeletClientCertFile, kubeletClientKeyFile);
  return {
    adminToken,
    tokenFile: file('tokens.csv', () => `${adminToken},admin,admin,system:masters\n`),
    serviceAccountKeyFile,
    servingCertFile,
    servingKeyFile,
    kubeletClientCertFile,
    kubeletClientKeyFile,
  };
}

function newPrivateKey(): string {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

async function makeCertificate(subject: string, certFile: string, keyFile: string, extensions: readonly string[] = []): Promise<void> {
  try {
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', subject],
      ...[...extensions, '-keyout', keyFile, '-out', certFile],
    ]);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = missing ? 'openssl is not on PATH. Install OpenSSL.' : (error as Error).message;
    throw new Error(`Cannot make the sandbox's certificate: ${reason}`, { cause: error });
  }
}
