import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { alertReader } from '../../gateway/about.ts';
import { packed, unpacked } from '../../gateway/portions.ts';
import type { Alert } from '../../incident/alert.ts';
import type { Portion } from '../../incident/portion.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { portionBringer } from '../../worker/bring-portion.ts';

const { runbooks } = parseRunbook('a.yaml', 'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash] }\nremedies: [restart]\n');
const alertOf = (target: number): Alert => ({
  ...{ name: 'Crash', status: 'firing', fingerprint: target.toString(16), annotations: {} },
  labels: { namespace: 'ml', deployment: `ranker-${target}` },
});

async function portionOf(count: number): Promise<Portion> {
  const alerts = Array.from({ length: count }, (_, target) => alertReader(runbooks)(alertOf(target)));
  const [portion] = await packed(alerts, { cluster: 'test', limits: LimitsFile.parse({}) });
  return portion!;
}

/** @param fails those whose owner cannot be asked */
function hands(fails: (name: string) => boolean) {
  const begun: string[] = [];
  const workflow = { signalWithStart: async (_type: string, { workflowId }: { workflowId: string }) => void begun.push(workflowId) };
  const bring = portionBringer({
    ...{ client: { workflow } as unknown as Client, taskQueue: 'q', log: () => undefined },
    kubernetes: {
      async topmostOwner(_namespace, _kind, name) {
        if (fails(name)) throw new Error('The API server answered 500.');
        return { kind: 'Deployment', name };
      },
    },
  });
  return { begun, bring };
}

const never = new AbortController().signal;

describe('the alerts of a portion', () => {
  it('that cannot be brought keep no other from its incident, and are what is left', async () => {
    const { begun, bring } = hands((name) => name === 'ranker-7');
    const { left, ...sum } = await bring(await portionOf(30), 0, { done: 0 }, never);
    expect(sum).toEqual({ joined: 29, resolved: 0, ignored: {}, next: null });
    expect(begun).toHaveLength(29);
    expect(left?.why).toBe('The API server answered 500.');
    const { alerts } = await unpacked(left!.portion);
    expect(alerts.map(({ alert }) => alert.labels.deployment)).toEqual(['ranker-7']);
  });

  it('are all left, and few are tried, where nothing can be asked', async () => {
    let asked = 0;
    const { begun, bring } = hands(() => ++asked > 0);
    const { left, next } = await bring(await portionOf(300), 0, { done: 0 }, never);
    expect(begun).toEqual([]);
    expect(asked).toBeLessThan(60);
    expect({ left: left?.portion.alerts, next }).toEqual({ left: 200, next: 200 });
  });

  it('are brought from the one on that was not come to', async () => {
    const { begun, bring } = hands(() => false);
    expect(await bring(await portionOf(30), 20, { done: 0 }, never)).toMatchObject({ joined: 10, next: null });
    expect(begun).toHaveLength(10);
  });

  it('are not brought any further once the worker ends', async () => {
    const { begun, bring } = hands(() => false);
    await expect(bring(await portionOf(30), 0, { done: 0 }, AbortSignal.abort(new Error('The worker ends.')))).rejects.toThrow('ends');
    expect(begun).toEqual([]);
  });
});
