import { showsSecret } from '../../shared-secret.ts';
import { type Lock, lockOfHeaders } from './lock.ts';

/** A secret shown as `Authorization: Bearer <secret>`, any one of them. @param setting which setting holds them */
export function bearer(secrets: readonly string[], setting: string): Lock {
  return lockOfHeaders(`"Authorization: Bearer <${setting}>"`, (knock) => showsSecret(knock, secrets));
}
