import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { REMEDIES } from '../../incident/remedy.ts';
import { faultText } from '../../runbooks/fault.ts';
import { loadRunbooks, parseRunbook } from '../../runbooks/load.ts';
import { matchRunbook } from '../../runbooks/match.ts';

const good = 'name: a\nfailureType: podCrash\nmatch:\n  alerts: [A]\nremedies: [restart]\n';

describe('parseRunbook()', () => {
  it('gives a person half an hour to approve, and never an end of time (safety 29)', () => {
    const approve = `${good}\nmode: approve`;
    expect(parseRunbook('a.yaml', approve).runbooks[0]).toMatchObject({ mode: 'approve', approval: { withinSeconds: 1_800 } });
    for (const withinSeconds of [0, 604_801, '.inf'])
      expect(parseRunbook('a.yaml', `${approve}\napproval: { withinSeconds: ${withinSeconds} }`).faults).toHaveLength(1);
  });

  it('fills in limits, and observe mode, where the file is silent', () => {
    expect(parseRunbook('a.yaml', good).runbooks[0]).toMatchObject({ mode: 'observe', attempts: { max: 3 }, memory: { ceilingMi: 4096 } });
  });

  it('tells every fault at once, each with its place', () => {
    const text = 'name: A b\nfailureType: podCrash\nmatch:\n  alerts: []\nremedies: [reboot]\ncolour: red\n';
    expect(parseRunbook('a.yaml', text).faults.map(faultText)).toEqual([
      'a.yaml:1:7 name: must be lower-case words joined by hyphens',
      'a.yaml:4:11 match.alerts: Too small: expected array to have >=1 items',
      `a.yaml:5:12 remedies.0: Invalid option: expected one of ${REMEDIES.map((name) => `"${name}"`).join('|')}`,
      'a.yaml:6:9 colour: Unrecognized key: "colour"',
    ]);
  });

  it('tells every unknown key of one mapping', () => {
    const faults = parseRunbook('a.yaml', `${good}colour: red\nsize: 1\n`).faults;
    expect(faults).toEqual([
      { file: 'a.yaml', line: 6, column: 9, path: 'colour', message: 'Unrecognized key: "colour"' },
      { file: 'a.yaml', line: 7, column: 7, path: 'size', message: 'Unrecognized key: "size"' },
    ]);
  });

  it.each(['', '- a\n', 'a: &a [x, x]\nb: &b [*a, *a]\n', '42'])('has a fault, and no crash, for the file %p', (text) => {
    expect(parseRunbook('a.yaml', text).faults.length).toBeGreaterThan(0);
  });

  it('tells where YAML itself is broken', () => {
    expect(parseRunbook('a.yaml', 'name: [a\n').faults.map(faultText)[0]).toBe(
      'a.yaml:2:1 Flow sequence in block collection must be sufficiently indented and end with a ]',
    );
  });
});

describe('loadRunbooks()', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paramedic-runbooks-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('refuses two runbooks of one name, and names both files', () => {
    writeFileSync(join(folder, 'one.yaml'), good);
    writeFileSync(join(folder, 'two.yml'), good);
    expect(loadRunbooks(folder).faults.map(faultText)).toEqual([
      `${folder}/two.yml:1:7 name: "a" is already the name of ${folder}/one.yaml; names must be unique`,
    ]);
  });

  it('refuses a folder without a runbook, and one that does not exist', () => {
    expect(() => loadRunbooks(folder)).toThrow(`Cannot find any runbook in ${folder}: it holds no .yaml file.`);
    expect(() => loadRunbooks('/does-not-exist')).toThrow("Cannot read the runbooks' folder /does-not-exist: it does not exist.");
  });
});

describe('the shipped runbooks', () => {
  const shipped = loadRunbooks(join(import.meta.dirname, '..', '..', 'runbooks'));

  it('have no fault, and none acts before somebody says so', () => {
    expect(shipped.faults).toEqual([]);
    expect(shipped.runbooks.map(({ mode }) => mode)).toEqual(shipped.runbooks.map(() => 'observe'));
  });

  it('cover every failure type', () => {
    expect([...new Set(shipped.runbooks.map(({ failureType }) => failureType))].sort()).toEqual([...FAILURE_TYPES].sort());
  });
});

describe('matchRunbook()', () => {
  const alert = { name: 'A', status: 'firing' as const, fingerprint: 'a1', labels: { team: 'ml' }, annotations: {} };
  const [general] = parseRunbook('a.yaml', good).runbooks;
  const [special] = parseRunbook('b.yaml', good.replace('name: a', 'name: b').replace('[A]', '[A]\n  labels: { team: ml }')).runbooks;

  it('prefers the runbook that asks for more labels', () => {
    expect(matchRunbook(alert, [general!, special!])?.name).toBe('b');
    expect(matchRunbook({ ...alert, labels: {} }, [general!, special!])?.name).toBe('a');
  });

  it('leaves an alert alone that nothing names', () => {
    expect(matchRunbook({ ...alert, name: 'B' }, [general!])).toBeNull();
  });
});
