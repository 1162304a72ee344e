import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseEntry } from '../../../drills/read-pack.ts';
import { CAUSES } from '../../../incident/cause.ts';
import { FAILURE_TYPES } from '../../../incident/failure-type.ts';
import { OUR_SCENARIOS, readPack } from './read-pack.ts';
import { Scenario } from './schema.ts';

const GOOD = `name: a fault
failureType: podCrash
setup: [{ apiVersion: v1, kind: ConfigMap, metadata: { name: a } }]
alert: { name: KubePodNotReady, labels: { deployment: a } }
target: { kind: Deployment, name: a }
expect: { cause: bad-release, end: healed, remedy: undoRelease }
check: [{ ready: { kind: Deployment, name: a } }]
`;

const faultsOf = (from: string, to: string) => parseEntry(Scenario, 'a.yaml', GOOD.replace(from, to)).faults;

describe('a scenario file', () => {
  it('is read, with what it leaves out', () => {
    const { entry: scenario, faults } = parseEntry(Scenario, 'a.yaml', GOOD);
    expect(faults).toEqual([]);
    expect(scenario).toMatchObject({ nodes: 'simulated', settled: true, fault: [], timeoutSeconds: 120 });
    expect(scenario?.setup).toEqual([{ create: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } } }]);
  });

  it.each([
    ['a failure type there is none of', 'podCrash', 'podcrash', /^a\.yaml: failureType: Invalid option/],
    ['a field nobody knows', 'target:', 'tarGet:', /^a\.yaml: target: Invalid input/],
    [
      'a check of two kinds',
      'check: [{ ready',
      'check: [{ exists: { apiVersion: v1, kind: Pod, name: a }, ready',
      /check\.0: must be a check, with exactly one of/,
    ],
    ['a check of an unknown kind', '{ ready: {', '{ steady: {', /^a\.yaml: check\.0: Unrecognized key: "steady"/],
    [
      'a step in the setup that is none',
      '[{ apiVersion: v1, kind: ConfigMap, metadata: { name: a } }]',
      '[{ wait: 3 }]',
      /^a\.yaml: setup\.0: Unrecognized key: "wait"/,
    ],
    ['a manifest without a version', 'apiVersion: v1, kind: ConfigMap', 'kind: ConfigMap', /^a\.yaml: setup\.0\.apiVersion: Invalid input/],
    ['a cure without its remedy', ', remedy: undoRelease', '', /^a\.yaml: expect\.remedy: must be given where end is healed/],
    ['text that is no YAML', 'setup: [{', 'setup: [{{', /^a\.yaml: /],
  ])('with %s is refused, and the fault names file and field', (_what, from, to, fault) => {
    expect(faultsOf(from, to)).toContainEqual(expect.stringMatching(fault));
  });
});

describe('a pack', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pack-'));
    writeFileSync(join(folder, 'a.yaml'), GOOD);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const add = (text: string) => writeFileSync(join(folder, 'b.yaml'), text);

  it('tells the faults of all its files at once', () => {
    add('name: another\n');
    writeFileSync(join(folder, 'c.yaml'), '{');
    expect(() => readPack(folder)).toThrow(/b\.yaml: failureType: .*\n.*b\.yaml: setup: [\s\S]*c\.yaml: /);
  });

  it('has no two scenarios of one name', () => {
    add(GOOD);
    expect(() => readPack(folder)).toThrow('b.yaml: name: a.yaml has the same name "a fault"');
  });

  it('that is shipped holds forty faults of all failure types, and six in which acting is failure', () => {
    const pack = readPack(...OUR_SCENARIOS);
    expect(new Set(pack.map(({ failureType }) => failureType))).toEqual(new Set(FAILURE_TYPES));
    expect(pack.filter(({ expect: { cause } }) => !(cause in CAUSES))).toEqual([]);
    const quiet = pack.filter(({ expect: { end } }) => end === 'leftAlone');
    expect(quiet.length).toBeGreaterThanOrEqual(6);
    expect(pack.length - quiet.length).toBeGreaterThanOrEqual(40);
  });
});
