import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { faultText } from '../../runbooks/fault.ts';
import { DEFAULT_LIMITS, LimitsFile, LimitsGiven } from '../../runbooks/limits.ts';
import { loadRunbooks, parseLimits } from '../../runbooks/load.ts';

const shipped = join(import.meta.dirname, '..', '..', 'runbooks', 'limits.yaml');
const faultsOf = (text: string) => parseLimits('limits.yaml', text).faults.map(faultText);
const AS_SHIPPED = { cluster: {}, namespaces: {} };

describe('the shipped limits', () => {
  /** Every number a limit has, by its path. */
  const leaves = (schema: z.core.JSONSchema._JSONSchema, path: string): string[] => {
    if (typeof schema === 'boolean' || !schema.properties) return [path];
    return Object.entries(schema.properties).flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
  };
  const paths = leaves(z.toJSONSchema(LimitsGiven, { io: 'input' }), '').filter((path) => path !== 'freezes');

  it('are there for everything that can be limited', () => {
    expect(paths).toContain('blast.nodes.withinSeconds');
    expect(paths.length).toBeGreaterThan(30);
  });

  it.each(paths)('limit %s: nothing is unlimited by default (safety 3)', (path) => {
    const value = path.split('.').reduce<unknown>((group, key) => (group as Record<string, unknown>)[key], DEFAULT_LIMITS);
    expect(Number.isFinite(value)).toBe(true);
  });

  it('are such as a file may give', () => {
    expect(LimitsGiven.parse(DEFAULT_LIMITS)).toEqual(DEFAULT_LIMITS);
  });

  it('are what the shipped limits.yaml says', () => {
    expect(parseLimits(shipped, readFileSync(shipped, 'utf8'))).toEqual({
      limits: { cluster: DEFAULT_LIMITS, namespaces: {} },
      faults: [],
    });
  });

  it('come with examples that hold', () => {
    const text = readFileSync(shipped, 'utf8')
      .replace('freezes: []', '')
      .replace('namespaces: {}', '')
      .replace(/^( *)# ( *(freezes|namespaces):$| +\S.*)$/gm, (line, indent, rest) =>
        /^\s*(- \{|\S+:)/.test(rest) ? indent + rest : line,
      );
    const { limits, faults } = parseLimits(shipped, text);
    expect(faults.map(faultText)).toEqual([]);
    expect(limits.cluster.freezes).toHaveLength(3);
    expect(limits.namespaces).toEqual({ payments: { rates: { namespace: { max: 2, perSeconds: 3600 } }, blast: { replicasPercent: 10 } } });
  });
});

describe('parseLimits()', () => {
  it.each(['', '# all of it is commented out\n', '{}', 'cluster: {}\nnamespaces: {}\n'])('takes %j for limits as shipped', (text) => {
    expect(parseLimits('limits.yaml', text)).toEqual({ limits: AS_SHIPPED, faults: [] });
  });

  it.each([
    ['an unknown group', 'cluster:\n  colour: red\n', '2:11 cluster.colour: Unrecognized key: "colour"'],
    ['an unknown key', 'cluster:\n  rates: { pod: { max: 1, perSeconds: 1 } }\n', '2:17 cluster.rates.pod: Unrecognized key: "pod"'],
    ['an unknown section', 'clusters: {}\n', '1:11 clusters: Unrecognized key: "clusters"'],
    [
      'no percent',
      'cluster: { blast: { replicasPercent: 101 } }',
      '1:38 cluster.blast.replicasPercent: Too big: expected number to be <=100',
    ],
    ['nought', 'cluster: { target: { max: 0, perSeconds: 60 } }', '1:27 cluster.target.max: Too small: expected number to be >=1'],
    [
      'half a limit',
      'cluster:\n  cures: { max: 1 }\n',
      '2:10 cluster.cures.perSeconds: Invalid input: expected number, received undefined',
    ],
    [
      'what says unlimited',
      'cluster: { silenceSeconds: .inf }',
      '1:28 cluster.silenceSeconds: Invalid input: expected number, received Infinity',
    ],
    ['a group without a value', 'cluster:\n  rates:\n', '2:9 cluster.rates: Invalid input: expected object, received null'],
    ['no name of a namespace', 'namespaces:\n  ML_Team: {}\n', '2:12 namespaces.ML_Team: must be the name of a namespace'],
    ['no limits', '42', '1:1 Invalid input: expected object, received number'],
  ])('has a fault, with its place, for %s', (_what, text, fault) => {
    expect(faultsOf(text)).toEqual([`limits.yaml:${fault}`]);
    expect(parseLimits('limits.yaml', text).limits).toEqual(AS_SHIPPED);
  });

  it('does not take aliases nested without end for an empty file', () => {
    const nested = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`);
    expect(faultsOf(`a0: &a0 x\n${nested.join('\n')}\n`).length).toBeGreaterThan(0);
  });

  const freeze = (change: string) => {
    const base: Record<string, string> = { kind: 'weekly', reason: 'night', days: '[Sat]', from: '22:00', to: '06:00', timezone: 'UTC' };
    const [key, value] = change.split(/=(.*)/);
    return `cluster:\n  freezes:\n    - ${Object.entries({ ...base, [key!]: value })
      .map(([name, one]) => `${name}: ${one}`)
      .join('\n      ')}\n`;
  };

  it.each([
    ['timezone=Europe/Berlinn', '8:17 cluster.freezes.0.timezone: must be a time zone such as Europe/Berlin or UTC'],
    ['from=24:00', '6:13 cluster.freezes.0.from: must be a time of day such as 22:30'],
    ["to='6:00'", '7:11 cluster.freezes.0.to: must be a time of day such as 22:30'],
    ['days=[]', '5:13 cluster.freezes.0.days: Too small: expected array to have >=1 items'],
    ["reason=''", '4:15 cluster.freezes.0.reason: Too small: expected string to have >=1 characters'],
  ])('has a fault for a freeze with %s', (change, fault) => {
    expect(faultsOf(freeze(change))).toEqual([`limits.yaml:${fault}`]);
  });

  it.each(['from=22:30', 'timezone=Australia/Lord_Howe', 'to=22:00', 'days=[Sun, Mon]'])('understands a freeze with %s', (change) => {
    expect(faultsOf(freeze(change))).toEqual([]);
  });

  const once = (from: string, until: string) =>
    `cluster:\n  freezes:\n    - { kind: once, reason: move, from: ${from}, until: ${until} }\n`;

  it('understands moments in any zone, and has a fault for one without', () => {
    expect(faultsOf(once('2026-12-24T18:00:00+01:00', '2026-12-24T17:00:01Z'))).toEqual([]);
    expect(faultsOf(once('2026-12-24T18:00:00', '2026-12-27T18:00:00Z'))).toEqual([
      'limits.yaml:3:41 cluster.freezes.0.from: Invalid ISO datetime',
    ]);
  });

  it.each([
    ['before', '2026-12-24T16:59:59Z'],
    ['when', '2026-12-24T17:00:00Z'],
  ])('has a fault for a freeze that ends %s it begins', (_when, until) => {
    expect(faultsOf(once('2026-12-24T18:00:00+01:00', until))).toEqual([
      'limits.yaml:3:75 cluster.freezes.0.until: must be later than from',
    ]);
  });
});

describe('limits.yaml beside the runbooks', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paramedic-limits-'));
    writeFileSync(join(folder, 'a.yaml'), 'name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('may be missing, which leaves everything as shipped', () => {
    expect(loadRunbooks(folder)).toMatchObject({ limits: AS_SHIPPED, faults: [] });
  });

  it.each(['limits.yaml', 'limits.yml'])('is read as %s, and is no runbook', (name) => {
    writeFileSync(join(folder, name), 'cluster: { rollbackDepth: 0 }\n');
    const { runbooks, limits, faults } = loadRunbooks(folder);
    expect([runbooks.length, limits, faults]).toEqual([1, { cluster: { rollbackDepth: 0 }, namespaces: {} }, []]);
  });

  it('is told of with its place when it is faulty, beside the faults of runbooks', () => {
    writeFileSync(join(folder, 'limits.yaml'), 'cluster: { rollbackDepth: -1 }\n');
    expect(loadRunbooks(folder).faults.map(faultText)).toEqual([
      `${folder}/limits.yaml:1:27 cluster.rollbackDepth: Too small: expected number to be >=0`,
    ]);
  });

  it('must be one file, since of two nobody could say which holds', () => {
    writeFileSync(join(folder, 'limits.yaml'), 'cluster: { rollbackDepth: 0 }\n');
    writeFileSync(join(folder, 'limits.yml'), 'cluster: { rollbackDepth: 9 }\n');
    expect(loadRunbooks(folder).faults.map(faultText)).toEqual([
      `${folder}/limits.yml:1:1 limits are in ${folder}/limits.yaml already; only one file may give them`,
    ]);
  });

  it('alone is no policy', () => {
    rmSync(join(folder, 'a.yaml'));
    writeFileSync(join(folder, 'limits.yaml'), '');
    expect(() => loadRunbooks(folder)).toThrow(
      `Cannot find any runbook in ${folder}: it holds no .yaml file but limits, channels and sources.`,
    );
  });
});

describe('the JSON Schema of limits.yaml', () => {
  it('tells an editor of every limit what it means', () => {
    const schema = z.toJSONSchema(LimitsFile, { io: 'input' });
    expect(Object.keys(schema.properties ?? {})).toEqual(['cluster', 'namespaces']);
    const cluster = schema.properties!.cluster as z.core.JSONSchema.JSONSchema;
    for (const [key, one] of Object.entries(cluster.properties!))
      expect([key, typeof (one as { description?: string }).description]).toEqual([key, 'string']);
  });
});
