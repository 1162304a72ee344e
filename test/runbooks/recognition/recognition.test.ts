import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAILURE_TYPES } from '../../../incident/failure-type.ts';
import { runParamedic } from '../../cli/run-paramedic.ts';
import { type LabelledRule, readTable } from './read-table.ts';

const AGREEMENT_MIN = 0.95;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-recognition-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function simulated(rules: readonly LabelledRule[]): Promise<(string | null)[]> {
  const file = join(folder, 'alerts.json');
  writeFileSync(file, JSON.stringify(rules.map(({ alert, labels }) => ({ labels: { alertname: alert, ...labels }, annotations: {} }))));
  const { code, out, err } = await runParamedic(['simulate', '--json', file]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).failureType);
}

describe('the shipped runbooks, by the simulation', () => {
  it.each([
    ['rules.csv', 600],
    ['second.csv', 130],
    ['third.csv', 130],
    ['fourth.csv', 70],
  ])('agree with at least 95 %% of the rules of %s, and take none for a failure of ours that is none', async (table, atLeast) => {
    const rules = readTable(table);
    expect(rules.length).toBeGreaterThanOrEqual(atLeast);
    expect(rules.filter(({ failureType }) => failureType !== null && !FAILURE_TYPES.some((type) => type === failureType))).toEqual([]);
    const types = await simulated(rules);
    const wrong = rules.flatMap(({ source, alert, failureType }, index) =>
      types[index] === failureType ? [] : [{ source, alert, is: failureType, taken: types[index] }],
    );
    expect(wrong.filter(({ is }) => is === null)).toEqual([]);
    // Said first, so that a failure names them.
    if (wrong.length > rules.length * (1 - AGREEMENT_MIN)) expect(wrong).toEqual([]);
  });
});
