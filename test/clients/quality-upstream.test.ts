import { describe, expect, it } from '@jest/globals';
import type { V1CronJob, V1Job } from '@kubernetes/client-node';
import { upstreamFaults } from '../../clients/kubernetes/quality/upstream.ts';

const NOW_MS = Date.parse('2026-03-01T10:00:00Z');
const at = (hoursAgo: number) => new Date(NOW_MS - hoursAgo * 3_600_000);
const owner = [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'features', uid: 'u1', controller: true }];

const ended = (name: string, type: 'Failed' | 'Complete', hoursAgo: number, ownerReferences: typeof owner | [] = []): V1Job => ({
  metadata: { name, ownerReferences },
  status: {
    completionTime: at(hoursAgo),
    conditions: [{ type, status: 'True', lastTransitionTime: at(hoursAgo), reason: 'BackoffLimitExceeded' }],
  },
});

describe('what failed upstream of a model', () => {
  it('is named by the CronJob that made it, the latest first, and only where it was lately', () => {
    const jobs = [ended('load', 'Failed', 5), ended('features-1', 'Failed', 2, owner), ended('old', 'Failed', 73)];
    expect(upstreamFaults(jobs, [], NOW_MS)).toEqual([
      { what: 'CronJob/features', fault: 'failed (BackoffLimitExceeded)', atMs: at(2).getTime() },
      { what: 'Job/load', fault: 'failed (BackoffLimitExceeded)', atMs: at(5).getTime() },
    ]);
  });

  it('is mended by a later run that completed, and by no earlier one', () => {
    const failed = ended('features-2', 'Failed', 3, owner);
    expect(upstreamFaults([failed, ended('features-3', 'Complete', 1, owner)], [], NOW_MS)).toEqual([]);
    expect(upstreamFaults([failed, ended('features-1', 'Complete', 4, owner)], [], NOW_MS)).toHaveLength(1);
  });

  it('is also a CronJob that is suspended', () => {
    const cronJob = { metadata: { name: 'features' }, spec: { suspend: true }, status: { lastScheduleTime: at(9) } } as V1CronJob;
    expect(upstreamFaults([], [cronJob], NOW_MS)).toMatchObject([{ what: 'CronJob/features', atMs: at(9).getTime() }]);
  });
});
