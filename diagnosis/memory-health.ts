import type { Context } from '../incident/context.ts';
import type { PodSeen } from '../incident/evidence.ts';
import type { Verdict } from '../incident/verdict.ts';
import { nearLimit, nearLimitText } from './memory-leak.ts';

/** Whether no leak is about to kill pods of a target that are all ready. @param seen of its pods */
export function memoryHealth(seen: string, pods: readonly PodSeen[], { memoryTrend }: Pick<Context, 'memoryTrend'>): Verdict {
  if (memoryTrend.kind === 'unreadable')
    return { kind: 'unknown', reason: `its pods are ready, but ${memoryTrend.what} cannot be read: ${memoryTrend.reason}` };
  const near = nearLimit(pods, { memoryTrend });
  return near.length > 0 ? { kind: 'notRecovered', seen: `${seen}; ${near.map(nearLimitText).join('; ')}` } : { kind: 'recovered', seen };
}
