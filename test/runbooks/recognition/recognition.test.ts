import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../incident/alert.ts';
import { FAILURE_TYPES } from '../../../incident/failure-type.ts';
import { TARGET_KINDS, type TargetKind } from '../../../incident/target.ts';
import { loadRunbooks } from '../../../runbooks/load.ts';
import { matchByKind, matchRunbook } from '../../../runbooks/match.ts';
import { runParamedic } from '../../cli/run-paramedic.ts';
import { type LabelledRule, readRules } from './read-table.ts';

const AGREEMENT_MIN = 0.95;
const RULES = readRules();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-recognition-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function simulated(rules: readonly LabelledRule[], isLinked: boolean): Promise<(string | null)[]> {
  const file = join(folder, 'alerts.json');
  writeFileSync(
    file,
    JSON.stringify(
      rules.map(({ alert, labels, reads }) => ({
        labels: { alertname: alert, ...labels },
        ...(isLinked && { generatorURL: `http://prometheus/graph?g0.expr=${encodeURIComponent(reads.join(' + '))}` }),
      })),
    ),
  );
  const { code, out, err } = await runParamedic(['simulate', '--json', file]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).failureType);
}

async function wrongOf(rules: readonly LabelledRule[], isLinked: boolean) {
  const types = await simulated(rules, isLinked);
  return rules.flatMap(({ source, alert, failureType }, index) =>
    types[index] === failureType ? [] : [{ source, alert, is: failureType, taken: types[index] }],
  );
}

describe('the shipped runbooks, by the simulation', () => {
  it('are asked about two thousand rules, each with a failure type or none', () => {
    expect(RULES.length).toBeGreaterThanOrEqual(2_000);
    expect(RULES.filter(({ failureType }) => failureType !== null && !FAILURE_TYPES.some((type) => type === failureType))).toEqual([]);
  });

  it.each([...new Set(RULES.map(({ set }) => set))])(
    'agree with at least 95 %% of the %s set, and take none for a failure of ours that is none',
    async (set) => {
      const rules = RULES.filter((rule) => rule.set === set);
      const wrong = await wrongOf(rules, true);
      expect(wrong.filter(({ is }) => is === null)).toEqual([]);
      // Said first, so that a failure names them.
      if (wrong.length > rules.length * (1 - AGREEMENT_MIN)) expect(wrong).toEqual([]);
    },
  );

  it('agree with at least 95 % of all where no alert links to its rule, and take none for a failure of ours that is none', async () => {
    const wrong = await wrongOf(RULES, false);
    expect(wrong.filter(({ is }) => is === null)).toEqual([]);
    if (wrong.length > RULES.length * (1 - AGREEMENT_MIN)) expect(wrong).toEqual([]);
  });

  it('give each target the same runbook whether alerts are looked at one by one or as many at once', () => {
    const { runbooks } = loadRunbooks(join(import.meta.dirname, '..', '..', '..', 'runbooks'));
    const byKind = matchByKind(runbooks);
    for (const { alert: name, labels } of RULES) {
      const alert: Alert = { name, status: 'firing', fingerprint: 'a1', labels: { alertname: name, ...labels }, annotations: {} };
      const kinds = (runbookOf: (kind: TargetKind) => string | undefined) => TARGET_KINDS.map((kind) => [name, kind, runbookOf(kind)]);
      const found = byKind(alert);
      expect(kinds((kind) => found.get(kind)?.name)).toEqual(kinds((kind) => matchRunbook(alert, runbooks, kind)?.name));
    }
  });
});
