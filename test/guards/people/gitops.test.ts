import { describe, expect, it } from '@jest/globals';
import { gitops } from '../../../guards/people/gitops.ts';
import type { ObjectState } from '../../../incident/surroundings.ts';
import { asked, object, surroundings } from '../asked.ts';

const unreadable = { kind: 'unreadable', what: 'the target', reason: 'it timed out' } as const;
const kept = (change: Partial<ObjectState> = {}) =>
  surroundings({ object: object({ managedBy: { tool: 'Argo CD', name: 'application ml-apps' }, ...change }) });

describe('gitops', () => {
  it('refuses to change what a tool keeps, and says who does and how to allow it (safety 26)', () => {
    expect(gitops(asked({ request: { changesSpec: true, surroundings: kept() } }))).toEqual({
      ...{ kind: 'refused', guard: 'gitops', retryAtMs: null },
      reason:
        'Argo CD keeps the target as application ml-apps has it and would take the change back; make it there, or set gitOps: change in the runbook.',
    });
  });

  it.each([
    ['no tool keeps it', { changesSpec: true, surroundings: kept({ managedBy: null }) }],
    ['nothing is changed that the tool keeps', { changesSpec: false, surroundings: kept() }],
    ['it is left to others that the target cannot be read', { changesSpec: true, surroundings: surroundings({ object: unreadable }) }],
    ['the runbook allows it', { changesSpec: true, surroundings: kept(), gitOps: 'change' as const }],
  ])('lets act where %s', (_why, request) => {
    expect(gitops(asked({ request }))).toBeNull();
  });
});
