import { describe, expect, it } from '@jest/globals';
import type { TestRun } from '../safety/judge.ts';
import type { TriedSystem } from './systems.ts';
import { verdictLines, verdictOf } from './verdicts.ts';

const REGISTRY: TriedSystem = {
  name: 'Some registry',
  tried: 'by contract',
  tests: ['test/vendors/some/', { file: 'test/clients/registries.test.ts', titles: /^some registry/ }],
};
const run = (file: string, name: string, status: TestRun['status'] = 'passed'): TestRun => ({ file, name, status });
const ASKS = run('test/vendors/some/contract.test.ts', 'asks what the package asks');
const MOVES = run('test/clients/registries.test.ts', 'some registry moves an alias');

describe('verdictOf()', () => {
  it('counts the checks of a system, those of a shared file by their titles', () => {
    const others = [
      run('test/clients/registries.test.ts', 'another moves an alias', 'failed'),
      run('test/vendors/other/a.test.ts', 'asks', 'failed'),
    ];
    const verdict = verdictOf(REGISTRY, { tests: [ASKS, MOVES, ...others], unrunnable: [] });
    expect(verdict).toMatchObject({ works: true, passed: 2, checks: [ASKS, MOVES], silent: [] });
    expect(verdictLines(verdict)).toBe('✓ Some registry        by contract   2 of 2 checks passed');
  });

  it('says of a system that it does not work when a check failed', () => {
    const verdict = verdictOf(REGISTRY, { tests: [ASKS, { ...MOVES, status: 'failed' }], unrunnable: [] });
    expect(verdictLines(verdict)).toBe('✗ Some registry        by contract   1 of 2 checks passed\n  failed: some registry moves an alias');
  });

  it('says so, too, when a file of it did not run, or none of its tests did', () => {
    const verdict = verdictOf(REGISTRY, { tests: [ASKS, { ...MOVES, status: 'skipped' }], unrunnable: [] });
    expect(verdict.works).toBe(false);
    expect(verdictLines(verdict)).toContain('\n  no test ran: test/clients/registries.test.ts /^some registry/');
    expect(verdictOf(REGISTRY, { tests: [], unrunnable: ['test/vendors/some/contract.test.ts'] }).works).toBe(false);
  });
});
