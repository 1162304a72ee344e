import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { SecureContextOptions, Server as TlsServer } from 'node:tls';

/** Where the gateway's certificate is. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** The authority whose certificates clients may show; null: none is asked for. */
  readonly clientCa: string | null;
}

/** Files are also looked at where nobody tells that they changed, such as behind Kubernetes' links. */
const LOOKED_AT_EVERY_MS = 5_000;

type Log = { readonly info: (fields: object, message: string) => void; readonly warn: (fields: object, message: string) => void };

/** What the files hold now. @throws when one cannot be read */
export function readTlsFiles({
  cert,
  key,
  clientCa,
}: TlsFiles): SecureContextOptions & { readonly requestCert: boolean; readonly rejectUnauthorized: false } {
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(clientCa === null ? {} : { ca: readFileSync(clientCa) }),
    minVersion: 'TLSv1.2',
    requestCert: clientCa !== null,
    // Who asks for the health, or shows something else, has none; each source's lock looks at whether it is one.
    rejectUnauthorized: false,
  };
}

/** Has the server use new certificates as soon as the files hold them; what cannot be used leaves it with those it has. */
export function followTlsFiles(
  server: Pick<TlsServer, 'setSecureContext'>,
  files: TlsFiles,
  log: Log,
  lookEveryMs: number = LOOKED_AT_EVERY_MS,
): { stop(): void } {
  const names = [files.cert, files.key, ...(files.clientCa === null ? [] : [files.clientCa])];
  const renew = () => {
    try {
      server.setSecureContext(readTlsFiles(files));
      log.info({}, 'The certificate of the gateway was read anew.');
    } catch (error) {
      log.warn({ error: String(error) }, 'The new certificate of the gateway cannot be used; the one before stays.');
    }
  };
  for (const name of names) watchFile(name, { interval: lookEveryMs, persistent: false }, renew);
  return {
    stop() {
      for (const name of names) unwatchFile(name, renew);
    },
  };
}
