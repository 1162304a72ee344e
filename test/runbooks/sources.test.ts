import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { faultText } from '../../runbooks/fault.ts';
import { openJsonPath } from '../../runbooks/json-path.ts';
import { loadRunbooks, parseSources } from '../../runbooks/load.ts';
import { SourcesFile } from '../../runbooks/sources.ts';

const faultsOf = (text: string) => parseSources('sources.yaml', text).faults.map(faultText);
const shipped = readFileSync(join(import.meta.dirname, '..', '..', 'runbooks', 'sources.yaml'), 'utf8');

/** A source with one line changed or added. */
const source = (line: string) => `sources:
  checks:
    auth: { kind: bearer }
    name: $.name
    status: { path: $.state, firing: [bad], resolved: [good] }
    identity: [$.id]
    ${line}
`;

describe('sources.yaml', () => {
  it('may say nothing, and as shipped says nothing', () => {
    for (const text of ['', '# sources:\n', 'sources: {}\n', shipped])
      expect(parseSources('sources.yaml', text)).toEqual({ sources: { sources: {} }, faults: [] });
  });

  it('as shipped has no fault once it is no comment any more', () => {
    const { sources, faults } = parseSources('sources.yaml', shipped.replace(/^# (?=(sources:| ))/gm, ''));
    expect(faults).toEqual([]);
    expect(sources.sources['nightly-checks']).toMatchObject({
      auth: { kind: 'hmac', encoding: 'hex', timestamp: { toleranceSeconds: 300 } },
    });
  });

  it.each([
    [
      'a name that no variable can have',
      source('').replace('checks', 'Checks'),
      '3:5 sources.Checks: must be lower-case letters, digits and hyphens, such as nightly-checks',
    ],
    [
      'the name of a source of our own',
      source('').replace('checks', 'grafana'),
      '3:5 sources.grafana: is what a source of the gateway itself is called; see docs/sources.md',
    ],
    [
      'what is no path',
      source('startsAt: name'),
      '7:15 sources.checks.startsAt: must be a JSONPath as RFC 9535 has it, such as $.alert.name',
    ],
    [
      'a path that does not end',
      source('startsAt: "$.a["'),
      '7:15 sources.checks.startsAt: must be a JSONPath as RFC 9535 has it, such as $.alert.name: unclosed bracketed selection, at character 5',
    ],
    ['a path that may find several', source('startsAt: $.at[*]'), '7:15 sources.checks.startsAt: must be a JSONPath that finds one value'],
    ['a path that looks everywhere', source('alerts: $..alerts'), '7:13 sources.checks.alerts: must say where it looks; ".." is not taken'],
    ['a regular expression', source("alerts: $[?match(@.a, '(a+)+$')]"), '7:13 sources.checks.alerts: must be a JSONPath'],
    [
      'a path without end',
      source(`alerts: $.${'a'.repeat(300)}`),
      '7:13 sources.checks.alerts: must be a JSONPath of at most 300 characters',
    ],
    [
      'a secret in it',
      source('').replace('kind: bearer', 'kind: bearer, secret: x'),
      '3:35 sources.checks.auth.secret: Unrecognized key: "secret"',
    ],
    [
      'a header that is none',
      source('').replace('kind: bearer', "kind: hmac, header: 'X Y'"),
      '3:33 sources.checks.auth.header: must be the name of a header, such as X-Signature',
    ],
    [
      'no way to tell alerts apart',
      source('').replace('[$.id]', '[]'),
      '6:15 sources.checks.identity: Too small: expected array to have >=1 items',
    ],
    [
      'a label that is a number',
      source('labels: { namespace: 7 }'),
      '7:26 sources.checks.labels.namespace: must be a JSONPath that finds one value, such as $.alert.name, or { value: text }',
    ],
    ['a field that is none', source('label: {}'), '7:12 sources.checks.label: Unrecognized key: "label"'],
  ])('has a fault, with its place, for %s', (_what, text, fault) => {
    expect(faultsOf(text)).toEqual([expect.stringContaining(`sources.yaml:${fault}`)]);
  });

  it('beside the runbooks is none of them, and only one file may be it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
    try {
      writeFileSync(join(folder, 'a.yaml'), 'name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\n');
      writeFileSync(join(folder, 'sources.yaml'), source(''));
      expect(loadRunbooks(folder)).toMatchObject({ runbooks: [{ name: 'a' }], sources: { sources: { checks: {} } }, faults: [] });
      writeFileSync(join(folder, 'sources.yml'), '');
      expect(loadRunbooks(folder).faults.map(faultText)).toEqual([
        `${folder}/sources.yml:1:1 sources are in ${folder}/sources.yaml already; only one file may give them`,
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has a JSON Schema for editors', () => {
    expect(JSON.stringify(z.toJSONSchema(SourcesFile, { io: 'input' }))).toContain('JSONPath');
  });
});

describe('a JSONPath', () => {
  it('whatever it is, is a path or said to be none, and never runs anything (safety 33)', () => {
    const part = fc.constantFrom(
      '$',
      '@',
      '.',
      '[',
      ']',
      '?',
      '(',
      ')',
      "'",
      '"',
      '*',
      ':',
      '-1',
      '0',
      '__proto__',
      'constructor',
      'a',
      '==',
      '&&',
      '!',
      '\\',
      ' ',
      'length(',
      '\ud800',
      '99999999999999999999',
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 30 }).map((parts) => `$${parts.join('')}`),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.jsonValue(), (path, json) => {
        let find: ReturnType<typeof openJsonPath>;
        try {
          find = openJsonPath(path);
        } catch (error) {
          expect((error as Error).message).toMatch(/^must /);
          return;
        }
        expect(find(json, 5).length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each(['$.constructor', '$.__proto__', '$.toString', '$.length', "$['__proto__']"])(
    '%s finds nothing that the document does not say (safety 33)',
    (path) => {
      expect(openJsonPath(path)({ a: [1] }, 5)).toEqual([]);
    },
  );
});
