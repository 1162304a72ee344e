import type { ReadGroup } from './large-groups.ts';
import { hmac } from './locks/hmac.ts';
import type { Lock } from './locks/lock.ts';
import type { AlertSource } from './source.ts';

const BODY_BYTES_MAX = 16 * 2 ** 20;
const TIMESTAMP_TOLERANCE_SECONDS = 300;

/**
 * The HMAC signature of Grafana 12 and newer.
 * @param timestampHeader which header Grafana is told to put the time in; null: none, and then there is no time in what is signed
 */
export function grafanaSignature(secrets: readonly string[], setting: string, timestampHeader: string | null): Lock {
  const timestamp =
    timestampHeader === null
      ? null
      : { header: timestampHeader.toLowerCase(), separator: ':', toleranceSeconds: TIMESTAMP_TOLERANCE_SECONDS };
  return hmac(secrets, setting, { header: 'x-grafana-alerting-signature', shown: (header) => [header], encoding: 'hex', timestamp });
}

/** Grafana's alerting, by a webhook contact point. It has the form of Alertmanager's, and a version of its own. */
export function grafana(lock: Lock, read: ReadGroup): AlertSource {
  return { name: 'Grafana', lock, bodyBytesMax: BODY_BYTES_MAX, read: (body) => read(body, 'a webhook of Grafana’s alerting') };
}
