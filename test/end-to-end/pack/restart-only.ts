import { setTimeout as pause } from 'node:timers/promises';
import type { Objects, RawObject } from '../../../clients/kubernetes/any-objects.ts';
import { isReady } from '../../../drills/readiness.ts';
import { failingChecks } from './checks.ts';
import type { Healer } from './play.ts';

const ROUNDS = 8;
const ROUND_MS = 4_000;

/** What many scripts do: every pod of the target that is not ready is deleted, again and again. */
export const byRestartsAlone: Healer = async (_stage, { target, check, expect }, { objects }, judged) => {
  const began = Date.now();
  let restarts = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const { metadata } of await unreadyPodsOf(target, objects)) {
      await objects.remove({ apiVersion: 'v1', kind: 'Pod', name: metadata.name });
      restarts++;
    }
    await pause(ROUND_MS);
    if (expect.end === 'healed' && (await failingChecks(check, judged)).length === 0) break;
  }
  const failing = await failingChecks(check, judged);
  const isWell = expect.end === 'healed' ? failing.length === 0 : await isReady(target, objects).catch(() => false);
  return {
    cause: null,
    end: isWell ? 'healed' : 'open',
    remedies: Array.from({ length: restarts }, () => 'restart'),
    seconds: Math.round((Date.now() - began) / 100) / 10,
    said: null,
    failing,
  };
};

async function unreadyPodsOf({ kind, name }: { readonly kind: string; readonly name: string }, objects: Objects): Promise<RawObject[]> {
  const beginning = kind === 'InferenceService' ? `${name}-predictor-` : `${name}-`;
  const pods = await objects.list('v1', 'Pod');
  return pods.filter(({ metadata, status }) => {
    const ready = status?.conditions?.some((one: { type: string; status: string }) => one.type === 'Ready' && one.status === 'True');
    return metadata.name.startsWith(beginning) && !ready && !metadata.deletionTimestamp;
  });
}
