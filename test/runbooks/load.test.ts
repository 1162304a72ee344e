import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { loadRunbooks, parseRunbook } from '../../runbooks/load.ts';
import { matchRunbook } from '../../runbooks/match.ts';

const good = 'name: a\nfailureType: podCrash\nmatch:\n  alerts: [A]\nremedies: [restart]\n';

describe('parseRunbook()', () => {
  it('fills in limits, and observe mode, where the file is silent', () => {
    expect(parseRunbook('a.yaml', good).runbooks[0]).toMatchObject({ mode: 'observe', attempts: { max: 3 }, memory: { ceilingMi: 4096 } });
  });

  it('tells every fault at once, each with its place', () => {
    const text = 'name: A b\nfailureType: podCrash\nmatch:\n  alerts: []\nremedies: [reboot]\ncolour: red\n';
    expect(parseRunbook('a.yaml', text).faults).toEqual([
      'a.yaml:1:7 name: must be lower-case words joined by hyphens',
      'a.yaml:4:11 match.alerts: Too small: expected array to have >=1 items',
      'a.yaml:5:12 remedies.0: Invalid option: expected one of "restart"|"undoRelease"|"raiseMemory"|"rollBackModel"',
      'a.yaml:6:9 colour: Unrecognized key: "colour"',
    ]);
  });

  it('tells where YAML itself is broken', () => {
    expect(parseRunbook('a.yaml', 'name: [a\n').faults[0]).toMatch(/^a\.yaml:\d+:\d+ /);
  });
});

describe('the shipped runbooks', () => {
  const shipped = loadRunbooks(join(import.meta.dirname, '..', '..', 'runbooks'));

  it('have no fault, and none acts before somebody says so', () => {
    expect(shipped.faults).toEqual([]);
    expect(shipped.runbooks.map(({ mode }) => mode)).toEqual(shipped.runbooks.map(() => 'observe'));
  });

  it('cover every failure type', () => {
    expect(shipped.runbooks.map(({ failureType }) => failureType).sort()).toEqual([...FAILURE_TYPES].sort());
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
