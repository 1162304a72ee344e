import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { matchRunbook } from '../../../runbooks/match.ts';
import { Runbook } from '../../../runbooks/schema.ts';
import { housed } from './housed.ts';
import { type Housed, quickRunbooks } from './quick-runbooks.ts';

const runbookFor = (pack: readonly Housed[], name: string, namespace: string) => {
  const runbooks = [...quickRunbooks(pack).values()].map((text) => Runbook.parse(parse(text)));
  return matchRunbook({ name, status: 'firing', fingerprint: '', labels: { namespace }, annotations: {} }, runbooks, 'Deployment');
};

describe("the pack's runbooks", () => {
  it('act, within seconds, with the remedies that are shipped for the failure type', () => {
    expect(runbookFor([housed('one', {})], 'KubePodNotReady', 'one')).toMatchObject({
      failureType: 'podCrash',
      mode: 'auto',
      settleSeconds: 1,
      alertEndsSeconds: 30,
      flapping: { quietSeconds: 1, max: 3 },
      remedies: expect.arrayContaining(['restart', 'undoRelease']),
      match: { labels: {} },
    });
  });

  it('tell two failure types with one alert apart', () => {
    const pack = [housed('one', {}), housed('two', { failureType: 'outOfMemory' })];
    expect(runbookFor(pack, 'KubePodNotReady', 'one')?.failureType).toBe('podCrash');
    expect(runbookFor(pack, 'KubePodNotReady', 'two')?.failureType).toBe('outOfMemory');
  });

  it('answer what Prometheus fires where a scenario sends no alert of its own', () => {
    expect(runbookFor([housed('one', { alert: null })], 'KubePodCrashLooping', 'one')?.failureType).toBe('podCrash');
  });

  it("have a scenario's own fields for its namespace alone", () => {
    const pack = [housed('one', {}), housed('two', { runbook: { remedies: [], patienceSeconds: 3 } })];
    expect(runbookFor(pack, 'KubePodNotReady', 'two')).toMatchObject({ remedies: [], patienceSeconds: 3 });
    expect(runbookFor(pack, 'KubePodNotReady', 'one')?.remedies).not.toEqual([]);
  });
});
