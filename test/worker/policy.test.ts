import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { welcomeText } from '../../cli/up/welcome.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { loadPolicy } from '../../worker/services.ts';
import { readSettings } from '../../worker/settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-policy-'));
  for (const mode of ['observe', 'approve', 'auto'])
    writeFileSync(
      join(folder, `${mode}.yaml`),
      `{ name: ${mode}s, failureType: podCrash, match: { alerts: [${mode}] }, mode: ${mode}, remedies: [] }`,
    );
});
afterAll(() => rmSync(folder, { recursive: true }));

const modes = (actsToo: boolean) =>
  Object.fromEntries(loadPolicy(readSettings({ PARAMEDIC_RUNBOOKS: folder }), actsToo).runbooks.map(({ name, mode }) => [name, mode]));

describe('the modes a process works in', () => {
  it('are those of the runbooks', () => {
    expect(modes(false)).toEqual({ observes: 'observe', approves: 'approve', autos: 'auto' });
  });

  it('let runbooks that observe act where a person says so, and never those that ask a person (safety 29)', () => {
    expect(modes(true)).toEqual({ observes: 'auto', approves: 'approve', autos: 'auto' });
  });

  it.each<[Runbook['mode'][], string]>([
    [['observe', 'observe'], 'observe: nothing is changed; incidents say what would be done (--auto acts)'],
    [['approve', 'approve'], 'approve: a person is asked before each act'],
    [['auto', 'auto'], 'auto: every runbook acts'],
    [['auto', 'observe'], 'auto for 0-auto; the others observe'],
    [['auto', 'approve', 'observe'], 'auto for 0-auto; approve for 1-approve, which ask a person before each act; the others observe'],
  ])('are told: %j', (given, text) => {
    const facts = { clusterName: 'test', clusterUrl: '', temporalAddress: '', uiUrl: null, isEmbedded: false, gatewayUrl: '' };
    const runbooks = given.map((mode, index) => ({ name: `${index}-${mode}`, mode }));
    const welcome = welcomeText({ ...facts, secretFile: null, needsSecret: false, stateFolder: '', isWatching: true, runbooks });
    expect(welcome.split('\n').find((line) => line.startsWith('  mode'))).toBe(`  mode       ${text}`);
  });
});
