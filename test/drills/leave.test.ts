import { describe, expect, it } from '@jest/globals';
import { whyForbidden } from '../../drills/leave.ts';

const ALLOWED = { labels: { 'paramedic.dev/drills': 'allowed' } };

describe('whether a drill may be run in a namespace', () => {
  it('is a matter of its label alone, of exactly this value', () => {
    expect(whyForbidden('staging', ALLOWED, [])).toBeNull();
    for (const labels of [{}, { 'paramedic.dev/drills': 'true' }, { 'paramedic.dev/drills': '' }, { 'paramedic.dev/drill': 'allowed' }])
      expect(whyForbidden('staging', { labels }, [])).toContain('it has no label paramedic.dev/drills=allowed');
  });

  it('is told with the command that lets it', () => {
    expect(whyForbidden('staging', {}, [])).toBe(
      'Cannot run a drill in the namespace staging: it has no label paramedic.dev/drills=allowed, by which somebody lets faults be injected there. Where nothing in it matters: kubectl label namespace staging paramedic.dev/drills=allowed',
    );
    expect(whyForbidden('staging', null, [])).toContain('it does not exist');
  });

  it.each(['kube-system', 'kube-public', 'kube-node-lease', 'default', 'paramedic'])(
    'is no for %s, whatever its labels say',
    (namespace) => {
      expect(whyForbidden(namespace, ALLOWED, ['paramedic'])).toContain('whatever its labels say');
    },
  );

  it('is no for one that is being deleted', () => {
    expect(whyForbidden('staging', { ...ALLOWED, deletionTimestamp: '2026-01-01T00:00:00Z' }, [])).toContain('it is being deleted');
  });
});
