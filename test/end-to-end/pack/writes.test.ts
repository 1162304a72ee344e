import { describe, expect, it } from '@jest/globals';
import { writeOf } from './writes.ts';

const LINE = {
  verb: 'patch',
  requestURI: '/apis/apps/v1/namespaces/team/deployments/ranker?fieldManager=paramedic',
  requestReceivedTimestamp: '2026-11-24T16:00:00.000000Z',
  user: { username: 'system:serviceaccount:paramedic:paramedic' },
  objectRef: { resource: 'deployments', namespace: 'team', name: 'ranker' },
  responseStatus: { code: 200 },
};
const read = (of: object) => writeOf(JSON.stringify({ ...LINE, ...of }));

describe('a line of the audit log', () => {
  it('tells of a write of Paramedic', () => {
    const atMs = Date.parse('2026-11-24T16:00:00Z');
    expect(read({})).toEqual({ atMs, verb: 'patch', resource: 'deployments', namespace: 'team', name: 'ranker' });
  });

  it('tells of an eviction by its subresource', () => {
    expect(read({ verb: 'create', objectRef: { resource: 'pods', subresource: 'eviction', namespace: 'team', name: 'a' } })).toMatchObject({
      resource: 'pods/eviction',
    });
  });

  it.each([
    ['somebody else', { user: { username: 'admin' } }],
    ['a look', { verb: 'get' }],
    ['a dry run', { requestURI: '/apis/apps/v1/namespaces/team/deployments/ranker?dryRun=All' }],
    ['a refused request', { responseStatus: { code: 409 } }],
    ['an Event, which is the audit trail', { verb: 'create', objectRef: { resource: 'events', namespace: 'team' } }],
    ['a question about its rights', { verb: 'create', objectRef: { resource: 'selfsubjectaccessreviews' } }],
  ])('tells of no write where it is of %s', (_what, of) => {
    expect(read(of)).toBeNull();
  });
});
