import type { ReadGroup } from './large-groups.ts';
import type { Lock } from './locks/lock.ts';
import type { AlertSource } from './source.ts';

/** 20,000 alerts in one body are 8 MB; twice that is the limit. */
const BODY_BYTES_MAX = 16 * 2 ** 20;

/** Prometheus' Alertmanager, by its webhook. */
export function alertmanager(lock: Lock, read: ReadGroup): AlertSource {
  return { name: 'Alertmanager', lock, bodyBytesMax: BODY_BYTES_MAX, read: (body) => read(body, 'an Alertmanager webhook of version 4') };
}
