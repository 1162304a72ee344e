import { describe, expect, it } from '@jest/globals';
import type { Demotion } from '../../../guards/ledger/ledger.ts';
import { demotion } from '../../../guards/people/demotion.ts';
import type { PermitRequest } from '../../../guards/request.ts';
import { asked, NOW } from '../asked.ts';

const demoted: Demotion = {
  runbook: 'pod-crash',
  remedy: 'restart',
  namespace: 'ml',
  why: 'it made ml/Deployment/ranker worse',
  atMs: NOW,
};
const judge = (change: Partial<Demotion> = {}, request: Partial<PermitRequest> = {}) =>
  demotion(asked({ ledger: { demotions: [{ ...demoted, ...change }] }, request }));

describe('a demotion', () => {
  it('refuses what a machine would do alone, and says since when, why, and how a person lifts it (safety 37)', () => {
    expect(judge()).toEqual({
      kind: 'refused',
      guard: 'demotion',
      reason:
        'A person must allow restart here, since 2026-06-10 12:00 UTC: it made ml/Deployment/ranker worse. To let it act alone again: paramedic guards reset demotion pod-crash/restart/ml',
      retryAtMs: null,
    });
  });

  it('of a whole runbook refuses each of its remedies everywhere', () => {
    expect(judge({ remedy: null, namespace: null }, { remedy: 'undoRelease' })?.guard).toBe('demotion');
  });

  it('lets through what a person wants', () => {
    expect(judge({}, { isApproved: true })).toBeNull();
  });

  it.each([{ runbook: 'out-of-memory' }, { remedy: 'undoRelease' as const }, { namespace: 'web' }])(
    'of another scope, %p, says nothing',
    (other) => {
      expect(judge(other)).toBeNull();
    },
  );
});
