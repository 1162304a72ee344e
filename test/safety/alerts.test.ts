import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Intake, takeAlert } from '../../gateway/intake.ts';
import { gatewayMetrics } from '../../gateway/metrics.ts';
import type { PermitDesk } from '../../gateway/permit-desk.ts';
import { createGateway } from '../../gateway/server.ts';
import { boardOf } from '../../guards/board.ts';
import { EMPTY_LEDGER } from '../../guards/ledger/ledger.ts';
import { LimitsFile } from '../../runbooks/limits.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { nothingHandedOver } from '../gateway/nothing-handed-over.ts';
import { alertmanagerAlone } from '../gateway/open-sources.ts';

const { runbooks } = parseRunbook('a.yaml', 'name: a\nfailureType: podCrash\nmatch: { alerts: [Crash] }\nremedies: [restart]\n');

/** An intake whose Temporal keeps what it is given, but for the incidents it cannot store. */
function intakeThatKeeps(kept: Set<string>, cannotStore: ReadonlySet<string> = new Set(), asked: string[] = []): Intake {
  const workflow = {
    async signalWithStart(_type: string, { workflowId }: { workflowId: string }) {
      if (cannotStore.has(workflowId)) throw new Error('14 UNAVAILABLE');
      kept.add(workflowId);
    },
    getHandle: nothingHandedOver,
  };
  const kubernetes: Intake['kubernetes'] = {
    async topmostOwner(namespace, kind, name) {
      asked.push(`${namespace}/${kind}/${name}`);
      return name.startsWith('orphan') ? null : { kind: 'Deployment', name: `${name}-owner` };
    },
  };
  return {
    runbooks,
    limits: LimitsFile.parse({}),
    cluster: 'test',
    taskQueue: 'q',
    kubernetes,
    client: { workflow } as unknown as Intake['client'],
  };
}

describe('an alert', () => {
  const desk: PermitDesk = {
    freeze: async () => [],
    thaw: async () => [],
    board: async () => boardOf(EMPTY_LEDGER, 0),
    alive: async () => undefined,
  };
  let gateway: Server;
  let intake: Intake;

  beforeAll(async () => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const metrics = gatewayMetrics();
    gateway = createGateway({
      intake: () => intake,
      desk: () => desk,
      decisions: () => null,
      people: null,
      slack: null,
      ...{ webhooks: {}, records: () => null },
      sources: alertmanagerAlone(),
      metrics,
      health: async () => null,
      log,
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => gateway.close(resolve)));

  async function send(names: readonly string[]): Promise<number> {
    const alerts = names.map((pod) => ({ status: 'firing', labels: { alertname: 'Crash', namespace: 'ml', pod } }));
    const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}/alerts/alertmanager`;
    return (await fetch(url, { method: 'POST', body: JSON.stringify({ version: '4', alerts }) })).status;
  }

  it('is never taken without being kept: the sender hears 200 only when Temporal has all it sent, and 503 otherwise (safety 21)', async () => {
    const names = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(names, fc.func(fc.boolean()), async (numbers, isAway) => {
        const pods = numbers.map((number) => `ranker-${number}`);
        const ids = pods.map((pod) => `outage/test/ml/Deployment/${pod}-owner`);
        const kept = new Set<string>();
        const lost = ids.filter((_, index) => isAway(index));
        intake = intakeThatKeeps(kept, new Set(lost));
        expect(await send(pods)).toBe(lost.length === 0 ? 200 : 503);
        // What is sent again once Temporal is back is kept, and what was kept already is not there twice.
        intake = intakeThatKeeps(kept);
        expect(await send(pods)).toBe(200);
        expect([...kept].sort()).toEqual([...ids].sort());
      }),
      { numRuns: 50 },
    );
  });
});

describe('a target', () => {
  it('is the owner of exactly what the alert names in its namespace, or there is none and nothing starts (safety 11)', async () => {
    const value = fc.option(fc.constantFrom('ml', 'ranker', 'orphan', '', '..', 'a/b', 'Ranker'), { nil: undefined });
    const labels = fc.record({ namespace: value, inferenceservice: value, deployment: value, pod: value, instance: value, job: value });
    await fc.assert(
      fc.asyncProperty(labels, async (some) => {
        const given = Object.fromEntries(Object.entries(some).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
        const [kept, asked] = [new Set<string>(), [] as string[]];
        const alert = { name: 'Crash', status: 'firing' as const, fingerprint: 'a1', labels: given, annotations: {} };
        const taken = await takeAlert(alert, intakeThatKeeps(kept, new Set(), asked));
        const name = some.inferenceservice || some.deployment || some.pod;
        const isName = (text = '') => ['ml', 'ranker', 'orphan'].includes(text);
        const isNamed = isName(some.namespace) && isName(name);
        expect(asked.map((one) => one.replace(/\/.*\//, '/'))).toEqual(isNamed ? [`${some.namespace}/${name}`] : []);
        const starts = isNamed && name !== 'orphan';
        expect([...kept]).toEqual(starts ? [`outage/test/${some.namespace}/Deployment/${name}-owner`] : []);
        expect(taken.kind).toBe(starts ? 'joined' : 'ignored');
      }),
      { numRuns: 500 },
    );
  });
});
