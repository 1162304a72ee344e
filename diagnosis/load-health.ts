import type { Context } from '../incident/context.ts';
import type { Verdict } from '../incident/verdict.ts';
import { loadNotBorne } from './load-borne.ts';

/** Whether a target whose pods are all ready can have as many of them as its load needs. @param seen of its pods */
export function loadHealth(seen: string, { scaling }: Pick<Context, 'scaling'>): Verdict {
  if (scaling.kind === 'unreadable')
    return { kind: 'unknown', reason: `its pods are ready, but ${scaling.what} cannot be read: ${scaling.reason}` };
  if (scaling.value === null) return { kind: 'unknown', reason: 'its pods are ready, but what scales them was not looked at' };
  const ill = loadNotBorne(scaling.value);
  return ill
    ? { kind: 'notRecovered', seen: `${seen}; ${ill.reason}` }
    : { kind: 'recovered', seen: `${seen}; nothing keeps it from scaling` };
}
