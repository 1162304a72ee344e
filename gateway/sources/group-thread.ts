import { parentPort } from 'node:worker_threads';
import type { Alert } from '../../incident/alert.ts';
import { readAlertGroup } from './alert-group.ts';
import type { AlertsRead, Reading } from './source.ts';

/** So many alerts come over at once; copying them takes a few milliseconds. */
const PORTION = 250;

/** What the thread is asked: to read a body, and then for portion after portion of its alerts. */
export type GroupQuestion = { readonly kind: 'read'; readonly body: Uint8Array; readonly what: string } | { readonly kind: 'next' };

export type GroupAnswer =
  | { readonly kind: 'head'; readonly group: Omit<AlertsRead, 'alerts'>; readonly count: number }
  | { readonly kind: 'portion'; readonly alerts: readonly Alert[] }
  | { readonly kind: 'reading'; readonly reading: Reading };

let left: readonly Alert[] = [];

parentPort?.on('message', (question: GroupQuestion) => parentPort?.postMessage(answer(question)));

function answer(question: GroupQuestion): GroupAnswer {
  if (question.kind === 'next') {
    const alerts = left.slice(0, PORTION);
    left = left.slice(PORTION);
    return { kind: 'portion', alerts };
  }
  const reading = readAlertGroup(question.body, question.what);
  if (reading.kind !== 'alerts') return { kind: 'reading', reading };
  const { alerts, ...group } = reading;
  left = alerts;
  return { kind: 'head', group, count: alerts.length };
}
