import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { healthBy } from '../../../diagnosis/health-by.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { PodSeen } from '../../../incident/evidence.ts';
import type { MemoryNow, MemorySample } from '../../../incident/memory-trend.ts';
import { planRemedy } from '../../../remedies/plan-remedy.ts';
import { evidence, OOM_KILLED, readyPod, sickPod } from '../../evidence.ts';
import { remedyLimits } from '../../remedy-limits.ts';
import { contextOf } from '../seen.ts';

const killed = sickPod({ exit: OOM_KILLED });
const seen = evidence({ replicasReady: 0, pods: [killed] });
const node = (pressures: readonly string[], name = 'node-1') => ({
  name,
  ready: true,
  pressures,
  unschedulable: false,
  others: { ready: 3, notReady: 0 },
});

/** A sample every five minutes. */
const samples = (used: (step: number) => number, count = 24): MemorySample[] =>
  Array.from({ length: count }, (_, step) => ({ atSeconds: step * 300, usedMi: used(step) }));
const trend = (points: readonly MemorySample[], container = 'main', now: readonly MemoryNow[] = []) =>
  contextOf({ memoryTrend: { pod: 'ranker-1', container, samples: points, now } });
const STEADY = samples((step) => 40 + 3.5 * step);

describe('a container that was OOM-killed', () => {
  it('under MemoryPressure of its node is not at fault', () => {
    expect(diagnose(seen, contextOf({ nodes: [node(['MemoryPressure'])] }))).toMatchObject({
      cause: 'node-memory-short',
      rule: 'nodeMemoryPressure',
    });
    for (const other of [node(['DiskPressure']), node([]), node(['MemoryPressure'], 'node-2')])
      expect(diagnose(seen, contextOf({ nodes: [other] })).cause).toBe('memory-limit-too-low');
  });

  it('at a limit that its release lowered is the release’s fault', () => {
    const before = { main: { limit: '512Mi', request: null } };
    const lowered = evidence({ memoryBefore: before, pods: [readyPod('ranker-0', 1), killed] });
    expect(diagnose(lowered, QUIET_CONTEXT)).toMatchObject({
      cause: 'bad-release',
      rule: 'memoryLowered',
      reasons: ['main was OOM-killed at its limit of 128Mi, which revision 2 lowered from 512Mi.'],
    });
    const taken = { main: { limit: null, request: null } };
    expect(diagnose({ ...lowered, memoryBefore: taken }, QUIET_CONTEXT).cause).toBe('bad-release');
    for (const same of [{ main: { limit: '128Mi', request: null } }, { main: { limit: '64Mi', request: null } }, {}])
      expect(diagnose({ ...lowered, memoryBefore: same }, QUIET_CONTEXT).cause).toBe('memory-limit-too-low');
  });

  it('after it grew steadily for hours leaks', () => {
    expect(diagnose(seen, trend(samples((step) => 40 + 3.5 * step + (step % 2))))).toMatchObject({
      cause: 'memory-leak',
      rule: 'memoryLeak',
      reasons: [expect.stringMatching(/^main grew steadily for 1\.9 h, from 40 to 1\d\d Mi \(4\d Mi an hour\)/)],
      others: [{ cause: 'memory-limit-too-low' }, { cause: 'bad-release' }],
    });
  });

  it.each<[string, readonly MemorySample[]]>([
    ['it stayed where it was', samples((step) => 100 + (step % 3))],
    ['it jumped', samples((step) => (step < 20 ? 40 : 120))],
    ['it shrank', samples((step) => 120 - 3 * step)],
    ['it grew for minutes alone', samples((step) => 40 + 10 * step, 9)],
    ['it grew by little', samples((step) => 100 + step)],
    ['there is one sample', samples(() => 100, 1)],
  ])('has a limit that is too low where %s', (_case, points) => {
    expect(diagnose(seen, trend(points)).cause).toBe('memory-limit-too-low');
  });

  it('does not leak because another container does, nor where no metrics tell', () => {
    expect(
      diagnose(
        seen,
        trend(
          samples((step) => 40 + 3.5 * step),
          'sidecar',
        ),
      ).cause,
    ).toBe('memory-limit-too-low');
    expect(diagnose(seen, QUIET_CONTEXT).cause).toBe('memory-limit-too-low');
    const away = { kind: 'unreadable', what: 'how its memory grew', reason: 'away' } as const;
    expect(diagnose(seen, { ...QUIET_CONTEXT, memoryTrend: away }).cause).toBe('memory-limit-too-low');
  });
});

describe('a pod that its node evicted', () => {
  const gone = (message: string, secondsAgo = 60): PodSeen => ({
    ...readyPod('ranker-9'),
    ready: false,
    ended: { reason: 'Evicted', message, secondsAgo },
  });
  const away = (pod: PodSeen) => evidence({ replicasReady: 0, pods: [pod] });

  it.each([
    ['The node was low on resource: memory. Threshold quantity: 100Mi', 'node-memory-short'],
    ['The node was low on resource: ephemeral-storage.', 'node-disk-short'],
    ['Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.', 'node-disk-short'],
    ['The node had condition: [DiskPressure].', 'node-disk-short'],
  ])('says why: %s', (message, cause) => {
    expect(diagnose(away(gone(message)), QUIET_CONTEXT)).toMatchObject({
      cause,
      rule: 'evicted',
      reasons: [expect.stringContaining(message)],
    });
  });

  it('explains nothing once that is long ago', () => {
    expect(diagnose(away(gone('The node was low on resource: memory.', 7_200)), QUIET_CONTEXT).cause).toBe('rolling-out');
  });

  it('is no part of a target’s health once another one is in its place', () => {
    expect(diagnose(evidence({ pods: [gone('The node was low on resource: memory.'), readyPod('ranker-1')] }), QUIET_CONTEXT).cause).toBe(
      'healthy',
    );
  });
});

describe('a pod that a leak will have killed next', () => {
  /** It has run for so long, and is ready. */
  const running = (name: string, runningSeconds = 7_200): PodSeen => {
    const pod = readyPod(name);
    return { ...pod, containers: pod.containers.map((one) => ({ ...one, runningSeconds })) };
  };
  /** It was killed, and was started anew by its kubelet. */
  const startedAnew: PodSeen = {
    ...running('ranker-1', 60),
    containers: running('ranker-1', 60).containers.map((one) => ({ ...one, lastExit: OOM_KILLED, restarts: 1 })),
  };
  const all = (...pods: PodSeen[]) =>
    evidence({ replicasWanted: pods.length, replicasReady: pods.length, replicasUpdated: pods.length, pods });
  const two = all(startedAnew, running('ranker-2'));
  const near = trend(STEADY, 'main', [{ pod: 'ranker-2', usedMi: 120, perHourMi: 40 }]);
  const byMemory = { measure: 'memory' as const };
  const causeOf = (context = near, seen = two) => diagnose(seen, context, byMemory).cause;

  it('makes a target ill whose pods are all ready, and is named with its time', () => {
    expect(diagnose(two, near, byMemory)).toMatchObject({
      ...{ cause: 'memory-leak', rule: 'memoryLeak' },
      reasons: [expect.stringMatching(/until it was OOM-killed\. ranker-2 reaches its memory limit of 128 Mi in about 12 min\.$/)],
    });
    expect(healthBy('memory', two, near)).toEqual({
      kind: 'notRecovered',
      seen: '2/2 ready, 2 of the newest release; ranker-2 reaches its memory limit of 128 Mi in about 12 min',
    });
  });

  it('is no illness where the pods alone are the measure', () => {
    expect(diagnose(two, near).cause).toBe('healthy');
  });

  it.each<[string, MemoryNow]>([
    ['it has hours left', { pod: 'ranker-2', usedMi: 80, perHourMi: 40 }],
    ['it grows no more', { pod: 'ranker-2', usedMi: 127, perHourMi: 0 }],
    ['it shrinks', { pod: 'ranker-2', usedMi: 127, perHourMi: -3 }],
    ['it is not there any more', { pod: 'ranker-9', usedMi: 127, perHourMi: 40 }],
  ])('is none where %s', (_case, now) => {
    expect(causeOf(trend(STEADY, 'main', [now]))).toBe('healthy');
  });

  it('is none while it fills what it needs in the first hour', () => {
    expect(causeOf(near, all(startedAnew, running('ranker-2', 3_000)))).toBe('healthy');
  });

  it('is none where what was killed did not leak', () => {
    const jumped = trend(
      samples((step) => (step < 20 ? 40 : 120)),
      'main',
      [{ pod: 'ranker-2', usedMi: 120, perHourMi: 40 }],
    );
    expect(causeOf(jumped)).toBe('healthy');
  });

  it('is not blamed for pods that fail for another reason', () => {
    const seen = { ...all(startedAnew, running('ranker-2'), sickPod({ name: 'ranker-3' })), replicasReady: 2 };
    expect(causeOf(near, seen)).toBe('flake');
  });

  it('is not known where the metrics do not answer (safety 18)', () => {
    const away = { kind: 'unreadable', what: 'how its memory grew', reason: 'away' } as const;
    expect(healthBy('memory', two, { ...near, memoryTrend: away })).toEqual({
      kind: 'unknown',
      reason: 'its pods are ready, but how its memory grew cannot be read: away',
    });
  });

  it('is restarted, the soonest first, and not the one that its kubelet starts anew', () => {
    const killedOne = { ...all(killed, running('ranker-2'), running('ranker-3')), replicasReady: 2 };
    const context = trend(STEADY, 'main', [
      { pod: 'ranker-2', usedMi: 110, perHourMi: 40 },
      { pod: 'ranker-3', usedMi: 120, perHourMi: 40 },
    ]);
    expect(planRemedy('restart', killedOne, remedyLimits(), context)).toEqual({
      kind: 'change',
      change: { kind: 'pod', name: 'ranker-3', uid: 'uid-ranker-3' },
      why: 'ranker-3 reaches its memory limit of 128 Mi in about 12 min.',
    });
    expect(planRemedy('restart', killedOne, remedyLimits(), trend(STEADY))).toEqual({
      kind: 'unusable',
      reason:
        'A container that is killed at its memory limit is started anew by its kubelet, and no other pod is seen to be near its limit.',
    });
  });
});
