import { describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { permitActivities } from '../../activities/permits.ts';
import type { PermitOffices } from '../../clients/permit-offices.ts';

describe('an incident that speaks to a permit office', () => {
  it('does not keep a worker that is told to end, which may be the one the office would answer with', async () => {
    const silent = { say: () => new Promise(() => undefined) } as unknown as PermitOffices;
    const environment = new MockActivityEnvironment();
    const asking = environment.run(permitActivities(silent).sayToOffice, 'test', {});
    environment.cancel('WORKER_SHUTDOWN');
    await expect(asking).rejects.toThrow(CancelledFailure);
  });
});
