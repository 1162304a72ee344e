import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { memoryMi } from '../../incident/memory.ts';
import type { PipelineEvidence } from '../../incident/pipeline.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { evidence, OOM_KILLED } from '../evidence.ts';
import { cronPipelineEvidence, failedJob, failedPod, failedRun, pipelineEvidence, run, runningRun } from '../pipeline-evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

const limits = remedyLimits();
const retried = (name: string, memory = {}) => ({ kind: 'change', change: { kind: 'furtherRun', from: null, to: { name, memory } } });
const oom = { pods: [failedPod(null, OOM_KILLED)] };

describe('retryRun', () => {
  it('makes a further run beside the failed one, the same for the same evidence', () => {
    expect(planRemedy('retryRun', failedJob(null), limits)).toMatchObject(retried('train-retry-1'));
    expect(planRemedy('retryRun', failedJob(null), limits)).toEqual(planRemedy('retryRun', failedJob(null), limits));
  });

  it('counts on from the retries that are there, and not from a name that looks like one', () => {
    const runs = [
      failedRun({ name: 'train-retry-2', isRetry: true }),
      failedRun({ name: 'train-retry-1', isRetry: true }),
      failedRun({ name: 'train-retry-9' }),
    ];
    expect(planRemedy('retryRun', pipelineEvidence({ runs }), limits)).toMatchObject(retried('train-retry-3'));
  });

  it('keeps what an earlier retry was given', () => {
    const given = { main: { limit: '256Mi', request: null } };
    const runs = [failedRun({ name: 'train-retry-1', isRetry: true, memory: given }), failedRun()];
    expect(planRemedy('retryRun', pipelineEvidence({ runs }), limits)).toMatchObject(retried('train-retry-2', given));
  });

  it('gives it a name that Kubernetes allows, however long that of its target is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?$/), (name) => {
        const planned = planRemedy('retryRun', pipelineEvidence({ name, runs: [failedRun()] }), limits);
        const made = planned.kind === 'change' && planned.change.kind === 'furtherRun' ? planned.change.to?.name : '';
        expect(made).toMatch(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?-retry-1$/);
        expect(made!.length).toBeLessThanOrEqual(63);
      }),
    );
  });

  it.each([
    ['its newest run completed', pipelineEvidence()],
    ['its newest run is under way', pipelineEvidence({ runs: [runningRun(), failedRun()] })],
    ['it never ran', cronPipelineEvidence({ runs: [] })],
    ['another controller starts its runs', pipelineEvidence({ runs: [failedRun()], controller: 'TrainJob/train' })],
    [
      'another run is under way and two must not run at once',
      cronPipelineEvidence({ runs: [failedRun({ name: 'train-2' }), runningRun()] }, { concurrency: 'Forbid' }),
    ],
  ])('is of no use when %s', (_case, seen) => {
    expect(planRemedy('retryRun', seen, limits).kind).toBe('unusable');
  });

  it('goes beside another run where the CronJob allows two', () => {
    const seen = cronPipelineEvidence({ runs: [failedRun({ name: 'train-2' }), runningRun()] });
    expect(planRemedy('retryRun', seen, limits).kind).toBe('change');
  });
});

describe('retryRunWithMoreMemory', () => {
  it('raises the limit of the container that was killed, from what the failed run had', () => {
    const memory = { main: { limit: '256Mi', request: '256Mi' }, side: { limit: '64Mi', request: null } };
    const seen = pipelineEvidence({
      runs: [failedRun({ name: 'train-retry-1', isRetry: true, memory })],
      memory: { ...memory, main: { limit: '128Mi', request: '128Mi' } },
      ...oom,
    });
    expect(planRemedy('retryRunWithMoreMemory', seen, limits)).toMatchObject(
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
            const seen = pipelineEvidence({ runs: [failedRun({ memory: { main: asked } })], ...oom });
            const planned = planRemedy('retryRunWithMoreMemory', seen, { ...limits, memory: { factor, ceilingMi } });
            if (planned.kind === 'unusable' || planned.change.kind !== 'furtherRun') break;
            const given = planned.change.to?.memory.main;
            expect(memoryMi(given?.limit)).toBeLessThanOrEqual(ceilingMi);
            asked = { limit: given?.limit ?? '', request: null };
          }
        },
      ),
    );
  });

  it('is of no use where nothing was killed, or there is no limit to raise', () => {
    expect(planRemedy('retryRunWithMoreMemory', failedJob(null), limits).kind).toBe('unusable');
    const unlimited = pipelineEvidence({ runs: [failedRun({ memory: { main: { limit: null, request: null } } })], ...oom });
    expect(planRemedy('retryRunWithMoreMemory', unlimited, limits).kind).toBe('unusable');
  });
});

describe('a run that goes on where it failed', () => {
  const same = { kind: 'change', change: { kind: 'sameRun', run: { name: 'train', tries: 2, endedMs: 7 } } };
  const short = failedRun({ outOfMemory: true, tries: 2, endedMs: 7 });

  it('is told by its name, how often it was tried and when it ended', () => {
    expect(planRemedy('retryRun', pipelineEvidence({ runs: [short], retriedBy: 'sameRun' }), limits)).toMatchObject(same);
  });

  it('is given no more memory, while one that may be made anew is', () => {
    const seen = (retriedBy: 'sameRun' | 'either') =>
      planRemedy('retryRunWithMoreMemory', pipelineEvidence({ runs: [short], retriedBy }), limits);
    expect(seen('sameRun')).toEqual({
      kind: 'unusable',
      reason: 'The steps of train cannot be given more memory while the run goes on.',
    });
    expect(seen('either')).toMatchObject(retried('train-retry-1', { main: { limit: '256Mi', request: null } }));
  });

  it('goes on with what an earlier retry was given, where it may be either', () => {
    const given = { main: { limit: '256Mi', request: null } };
    const runs = [failedRun({ name: 'train-retry-1', isRetry: true, memory: given })];
    expect(planRemedy('retryRun', pipelineEvidence({ runs, retriedBy: 'either' }), limits)).toMatchObject({ change: { kind: 'sameRun' } });
  });
});

describe('a run whose system alone says that it lacked memory', () => {
  it('is given more where it has one limit, and says so where it is not told which', () => {
    const seen = (memory: PipelineEvidence['memory']) =>
      planRemedy('retryRunWithMoreMemory', pipelineEvidence({ runs: [failedRun({ outOfMemory: true, memory })] }), limits);
    const limit = (amount: string | null) => ({ limit: amount, request: null });
    expect(seen({ main: limit('128Mi'), side: limit(null) })).toMatchObject(retried('train-retry-1', { main: limit('256Mi') }));
    expect(seen({ main: limit('128Mi'), side: limit('128Mi') })).toEqual({
      kind: 'unusable',
      reason: 'It is not told which part of it lacked memory, or how much it may have.',
    });
  });
});

describe('the name of a further run', () => {
  it('of what trains is no longer than that of its target, which its pods are known to bear', () => {
    const name = 'a'.repeat(40);
    const planned = planRemedy('retryRun', pipelineEvidence({ kind: 'TrainJob', name, runs: [failedRun()] }), limits);
    expect(planned).toMatchObject(retried(`${'a'.repeat(32)}-retry-1`));
    const short = planRemedy('retryRun', pipelineEvidence({ kind: 'TrainJob', name: 'llm', runs: [failedRun()] }), limits);
    expect(short).toMatchObject(retried('llm-retry-1'));
  });
});

describe('pauseSchedule', () => {
  it('suspends a schedule that is on', () => {
    expect(planRemedy('pauseSchedule', cronPipelineEvidence({ runs: [failedRun()] }), limits)).toMatchObject({
      change: { kind: 'schedule', from: 'active', to: 'suspended' },
    });
  });

  it.each([
    ['is none', pipelineEvidence()],
    ['is suspended already', cronPipelineEvidence({}, { suspendedBy: 'paramedic' })],
  ])('is of no use where the schedule %s', (_case, seen) => {
    expect(planRemedy('pauseSchedule', seen, limits).kind).toBe('unusable');
  });
});

describe('a remedy for runs', () => {
  it.each(['retryRun', 'retryRunWithMoreMemory', 'pauseSchedule'] as const)('%s applies to nothing that serves', (remedy) => {
    expect(planRemedy(remedy, evidence({}), limits).kind).toBe('unusable');
  });

  it('leaves a run that completed as it is, and no remedy of a workload applies to it', () => {
    for (const remedy of ['restart', 'undoRelease', 'raiseMemory', 'rollBackModel'] as const)
      expect(planRemedy(remedy, pipelineEvidence({ runs: [run()] }), limits).kind).toBe('unusable');
  });
});
