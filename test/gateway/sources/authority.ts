import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a certificate. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of its own, whose files are in a folder. */
export interface Authority {
  readonly cert: string;
  /** @param names alternative names such as `DNS:alertmanager.monitoring.svc`; none: it has a common name alone */
  issue(commonName: string, names?: string): Certificate;
}

export function newAuthority(folder: string, name: string): Authority {
  const own = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const openssl = (...args: readonly string[]) => void execFileSync('openssl', args, { stdio: 'pipe' });
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`, '-keyout', own.key, '-out', own.cert);
  let issued = 0;
  return {
    cert: own.cert,
    issue(commonName, names) {
      const at = join(folder, `${name}-${++issued}`);
      const made = { cert: `${at}.crt`, key: `${at}.key` };
      writeFileSync(`${at}.ext`, names === undefined ? 'basicConstraints=CA:FALSE\n' : `subjectAltName=${names}\n`);
      openssl('req', ...newKey, '-subj', `/CN=${commonName}`, '-keyout', made.key, '-out', `${at}.csr`);
      openssl(
        'x509',
        '-req',
        '-in',
        `${at}.csr`,
        '-CA',
        own.cert,
        '-CAkey',
        own.key,
        '-CAcreateserial',
        '-days',
        '2',
        '-extfile',
        `${at}.ext`,
        '-out',
        made.cert,
      );
      return made;
    },
  };
}
