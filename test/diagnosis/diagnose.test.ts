import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { evidence, readyPod, sickPod } from '../evidence.ts';

describe('diagnose()', () => {
  it('finds a workload healthy whose every wanted pod of the newest release is ready', () => {
    expect(diagnose(evidence({})).cause).toBe('healthy');
  });

  it('blames the release when all and only its pods crash and an older one exists', () => {
    const pods = [readyPod('ranker-0', 'old'), sickPod({ release: 'new' })];
    expect(diagnose(evidence({ pods, replicasUpdated: 1, replicasReady: 1 }))).toEqual({
      cause: 'bad-release',
      reasons: ['All 1 pods of release new fail (CrashLoopBackOff); release old came before it.'],
    });
  });

  it('does not blame the release when there is none to go back to', () => {
    expect(diagnose(evidence({ previousRelease: null, replicasReady: 0, pods: [sickPod({})] })).cause).toBe('unknown');
  });

  it('calls one crashing pod among ready siblings of its release a flake', () => {
    const pods = [readyPod('ranker-0'), readyPod('ranker-2'), sickPod({})];
    expect(diagnose(evidence({ pods, replicasWanted: 3, replicasReady: 2, replicasUpdated: 3 })).cause).toBe('flake');
  });

  it('names the limit when a container was OOM-killed', () => {
    const pods = [sickPod({ exit: { reason: 'OOMKilled', code: 137 } })];
    expect(diagnose(evidence({ pods, replicasReady: 0 })).cause).toBe('memory-limit-too-low');
  });

  it('does not blame a limit that is not there', () => {
    const pods = [sickPod({ exit: { reason: 'OOMKilled', code: 137 }, memoryLimitMi: null })];
    expect(diagnose(evidence({ pods, replicasReady: 0 })).cause).toBe('unknown');
  });

  it.each([
    ['ImagePullBackOff', 'image-missing'],
    ['CreateContainerConfigError', 'bad-config'],
  ])('reads %s as %s when no older release exists', (waiting, cause) => {
    const pods = [sickPod({ waiting, exit: null })];
    expect(diagnose(evidence({ previousRelease: null, replicasReady: 0, pods })).cause).toBe(cause);
  });
});

describe('healthOf()', () => {
  it.each([
    ['the controller has not seen the newest spec', { observed: false }],
    ['a pod is missing', { replicasWanted: 2 }],
    ['pods of the newest release are missing', { replicasUpdated: 0 }],
    ['an old pod is left that is not ready', { pods: [readyPod('ranker-1'), sickPod({ release: 'old' })] }],
    ['nothing is wanted', { replicasWanted: 0, replicasReady: 0, replicasUpdated: 0, pods: [] }],
  ])('is not recovered while %s', (_case, change) => {
    expect(healthOf(evidence(change)).kind).toBe('notRecovered');
  });
});
