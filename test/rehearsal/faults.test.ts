import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadCases } from '../../rehearsal/cases/load.ts';
import { faultText } from '../../runbooks/fault.ts';
import { loadRunbooks } from '../../runbooks/load.ts';

const shipped = join(import.meta.dirname, '..', '..', 'runbooks');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-cases-'));
  copyFileSync(join(shipped, 'pod-crash.yaml'), join(folder, 'pod-crash.yaml'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function faultsOf(text: string, name = 'pod-crash.test.yaml'): string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  return loadCases(file).faults.map((fault) => faultText(fault).replace(`${folder}/`, ''));
}

describe('a file of cases', () => {
  it('is no runbook', () => {
    writeFileSync(join(folder, 'pod-crash.test.yaml'), 'cases: []');
    expect(loadRunbooks(folder).faults).toEqual([]);
    expect(loadRunbooks(folder).runbooks.map(({ name }) => name)).toEqual(['pod-crash']);
  });

  it('tells all its faults at once, each with its place', () => {
    const faults = faultsOf(`mode: sometimes
cases:
  - name: one
    alert: A
    states:
      failing:
        pods: [{ exti: { code: 1 } }]
        after: { restart: well, undo: healthy }
    expect: {}
`);
    expect(faults).toEqual([
      'pod-crash.test.yaml:1:7 mode: Invalid option: expected one of "off"|"observe"|"approve"|"auto"',
      'pod-crash.test.yaml:7:24 cases.0.states.failing.pods.0.exti: Unrecognized key: "exti"',
      expect.stringMatching(/^pod-crash.test.yaml:8:\d+ cases.0.states.failing.after.undo: /),
      'pod-crash.test.yaml:9:13 cases.0.expect: must expect something',
      'pod-crash.test.yaml:8:27 cases.0.states.failing.after.restart: "well" is no state of this case: it has failing, healthy',
    ]);
  });

  it('leads only to states that there are', () => {
    const text = 'cases: [{ name: one, alert: A, states: { ill: { after: { restart: well } } }, expect: { asked: false } }]';
    expect(faultsOf(text)).toEqual([
      'pod-crash.test.yaml:1:67 cases.0.states.ill.after.restart: "well" is no state of this case: it has ill, healthy',
    ]);
  });

  it('says nothing of a target that it cannot have', () => {
    const text = 'cases: [{ name: one, alert: A, states: { ill: { runs: [{ state: failed }] } }, expect: { asked: false } }]';
    expect(faultsOf(text)).toEqual([
      'pod-crash.test.yaml:1:55 cases.0.states.ill.runs: a Deployment has none; give the case another target.kind',
    ]);
  });

  it('tells its cases apart by their names', () => {
    const one = '{ name: one, alert: A, states: {}, expect: { asked: false } }';
    expect(faultsOf(`cases:\n  - ${one}\n  - ${one}\n`)).toEqual([
      'pod-crash.test.yaml:3:13 cases.1.name: "one" is the name of another case of this file',
    ]);
  });

  it('stands beside a runbook', () => {
    const text = 'cases: [{ name: one, alert: A, states: {}, expect: { asked: false } }]';
    expect(faultsOf(text, 'pod-crsh.test.yaml')).toEqual(['pod-crsh.test.yaml:1:1 there is no runbook pod-crsh.yaml beside it']);
  });
});
