import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryMi } from '../../incident/memory.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { evidence, OOM_KILLED } from '../evidence.ts';
import { cronJobEvidence, failedJob, failedPod, failedRun, jobEvidence, run, runningRun } from '../job-evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const limits = remedyLimits();
const retried = (name: string, memory = {}) => ({ kind: 'change', change: { kind: 'jobRun', from: null, to: { name, memory } } });
const oom = { pods: [failedPod(null, OOM_KILLED)] };

describe('retryJob', () => {
  it('makes a further run beside the failed one, the same for the same evidence', () => {
    expect(planRemedy('retryJob', failedJob(null), limits)).toMatchObject(retried('train-retry-1'));
    expect(planRemedy('retryJob', failedJob(null), limits)).toEqual(planRemedy('retryJob', failedJob(null), limits));
  });

  it('counts on from the retries that are there, and not from a name that looks like one', () => {
    const runs = [
      failedRun({ name: 'train-retry-2', isRetry: true }),
      failedRun({ name: 'train-retry-1', isRetry: true }),
      failedRun({ name: 'train-retry-9' }),
    ];
    expect(planRemedy('retryJob', jobEvidence({ runs }), limits)).toMatchObject(retried('train-retry-3'));
  });

  it('keeps what an earlier retry was given', () => {
    const given = { main: { limit: '256Mi', request: null } };
    const runs = [failedRun({ name: 'train-retry-1', isRetry: true, memory: given }), failedRun()];
    expect(planRemedy('retryJob', jobEvidence({ runs }), limits)).toMatchObject(retried('train-retry-2', given));
  });

  it('gives it a name that Kubernetes allows, however long that of its target is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$/), (name) => {
        const planned = planRemedy('retryJob', jobEvidence({ name, runs: [failedRun()] }), limits);
        const made = planned.kind === 'change' && planned.change.kind === 'jobRun' ? planned.change.to?.name : '';
        expect(made).toMatch(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?-retry-1$/);
        expect(made!.length).toBeLessThanOrEqual(63);
      }),
    );
  });

  it.each([
    ['its newest run completed', jobEvidence()],
    ['its newest run is under way', jobEvidence({ runs: [runningRun(), failedRun()] })],
    ['it never ran', cronJobEvidence({ runs: [] })],
    ['another controller starts its runs', jobEvidence({ runs: [failedRun()], controller: 'TrainJob/train' })],
    [
      'another run is under way and two must not run at once',
      cronJobEvidence({ runs: [failedRun({ name: 'train-2' }), runningRun()] }, { concurrency: 'Forbid' }),
    ],
  ])('is of no use when %s', (_case, seen) => {
    expect(planRemedy('retryJob', seen, limits).kind).toBe('unusable');
  });

  it('goes beside another run where the CronJob allows two', () => {
    const seen = cronJobEvidence({ runs: [failedRun({ name: 'train-2' }), runningRun()] });
    expect(planRemedy('retryJob', seen, limits).kind).toBe('change');
  });
});

describe('retryJobWithMoreMemory', () => {
  it('raises the limit of the container that was killed, from what the failed run had', () => {
    const memory = { main: { limit: '256Mi', request: '256Mi' }, side: { limit: '64Mi', request: null } };
    const seen = jobEvidence({
      runs: [failedRun({ name: 'train-retry-1', isRetry: true, memory })],
      memory: { ...memory, main: { limit: '128Mi', request: '128Mi' } },
      ...oom,
    });
    expect(planRemedy('retryJobWithMoreMemory', seen, limits)).toMatchObject(
      retried('train-retry-2', { main: { limit: '512Mi', request: '512Mi' } }),
    );
  });

  it('never goes past the ceiling, over any number of retries (safety 7)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4096 }),
        fc.double({ min: 1.01, max: 4, noNaN: true }),
        fc.integer({ min: 1, max: 4096 }),
        (startMi, factor, ceilingMi) => {
          let asked = { limit: `${startMi}Mi`, request: null as string | null };
          for (let retries = 0; retries < 40; retries++) {
            const seen = jobEvidence({ runs: [failedRun({ memory: { main: asked } })], ...oom });
            const planned = planRemedy('retryJobWithMoreMemory', seen, { ...limits, memory: { factor, ceilingMi } });
            if (planned.kind === 'unusable' || planned.change.kind !== 'jobRun') break;
            const given = planned.change.to?.memory.main;
            expect(memoryMi(given?.limit)).toBeLessThanOrEqual(ceilingMi);
            asked = { limit: given?.limit ?? '', request: null };
          }
        },
      ),
    );
  });

  it('is of no use where nothing was killed, or there is no limit to raise', () => {
    expect(planRemedy('retryJobWithMoreMemory', failedJob(null), limits).kind).toBe('unusable');
    const unlimited = jobEvidence({ runs: [failedRun({ memory: { main: { limit: null, request: null } } })], ...oom });
    expect(planRemedy('retryJobWithMoreMemory', unlimited, limits).kind).toBe('unusable');
  });
});

describe('suspendCronJob', () => {
  it('suspends a schedule that is on', () => {
    expect(planRemedy('suspendCronJob', cronJobEvidence({ runs: [failedRun()] }), limits)).toMatchObject({
      change: { kind: 'schedule', from: 'active', to: 'suspended' },
    });
  });

  it.each([
    ['is none', jobEvidence()],
    ['is suspended already', cronJobEvidence({}, { suspendedBy: 'paramedic' })],
  ])('is of no use where the schedule %s', (_case, seen) => {
    expect(planRemedy('suspendCronJob', seen, limits).kind).toBe('unusable');
  });
});

describe('a remedy for runs', () => {
  it.each(['retryJob', 'retryJobWithMoreMemory', 'suspendCronJob'] as const)('%s applies to nothing that serves', (remedy) => {
    expect(planRemedy(remedy, evidence({}), limits).kind).toBe('unusable');
  });

  it('leaves a run that completed as it is, and no remedy of a workload applies to it', () => {
    for (const remedy of ['restart', 'undoRelease', 'raiseMemory', 'rollBackModel'] as const)
      expect(planRemedy(remedy, jobEvidence({ runs: [run()] }), limits).kind).toBe('unusable');
  });
});
