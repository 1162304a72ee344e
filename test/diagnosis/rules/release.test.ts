import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { Difference } from '../../../incident/difference.ts';
import type { WorkloadEvidence } from '../../../incident/evidence.ts';
import { evidence, exitOf, readyPod, sickPod } from '../../evidence.ts';
import { contextOf, silentPod, startingPod, warning } from '../seen.ts';

const difference = (what: Difference['what']): Difference => ({ what, text: `${what}: one → other` });
const before = readyPod('ranker-0', 1);
const unready = (change: Partial<WorkloadEvidence>) => evidence({ replicasUpdated: 1, ...change });
const unhealthy = contextOf({
  events: [warning('Pod/ranker-1', 'Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 404')],
});

describe('a release whose pods run and are never ready', () => {
  it('is blamed once its probe has failed for longer than pods before it needed', () => {
    const found = diagnose(unready({ pods: [before, silentPod('ranker-1')] }), unhealthy);
    expect(found).toMatchObject({ cause: 'bad-release', rule: 'releaseNeverReady', confidence: 'likely' });
    expect(found.reasons[0]).toBe(
      'No pod of revision 2 was ever ready; it differs from revision 1 in image of main: ranker:1 → ranker:2. Its node says: Readiness probe failed: HTTP probe failed with statuscode: 404',
    );
  });

  it('is blamed when the Deployment says that its rollout did not get on', () => {
    const progressStopped = 'ReplicaSet "ranker-2" has timed out progressing.';
    expect(diagnose(unready({ progressStopped, pods: [before, silentPod('ranker-1')] }), QUIET_CONTEXT)).toMatchObject({
      cause: 'bad-release',
      reasons: [expect.stringContaining(progressStopped)],
    });
  });

  it.each([
    ['nothing has warned yet', silentPod('ranker-1'), QUIET_CONTEXT],
    ['it runs only three times as long as the pods before it needed', silentPod('ranker-1', { runningSeconds: 14 }), unhealthy],
    ['its image is still pulled', startingPod('ranker-1'), unhealthy],
    ['the warning is about another pod', silentPod('ranker-9'), unhealthy],
  ])('goes on rolling out while %s', (_case, pod, context) => {
    expect(diagnose(unready({ pods: [before, pod] }), context).cause).toBe('rolling-out');
  });

  it('is given a minute where no pod tells how long such pods need', () => {
    const pods = (runningSeconds: number) => [silentPod('ranker-1', { runningSeconds })];
    expect(diagnose(unready({ replicasReady: 0, pods: pods(59) }), unhealthy).cause).toBe('rolling-out');
    expect(diagnose(unready({ replicasReady: 0, pods: pods(60) }), unhealthy).cause).toBe('bad-release');
  });

  it.each<[string, Partial<WorkloadEvidence>]>([
    ['its pods were ready before', { pods: [before, silentPod('ranker-1', { ageSeconds: 4_000, notReadySeconds: 300 })] }],
    ['nothing but its name is new', { differences: [], pods: [before, silentPod('ranker-1')] }],
    [
      'pods before it are not ready either',
      { pods: [silentPod('ranker-0', { release: 'hash-1' }), silentPod('ranker-1')], replicasReady: 0 },
    ],
  ])('is not blamed where %s', (_case, change) => {
    const context = contextOf({ events: [warning('Pod/ranker-1', 'Unhealthy', 'x'), warning('Pod/ranker-0', 'Unhealthy', 'x')] });
    expect(diagnose(unready(change), context).cause).not.toBe('bad-release');
  });

  it('is named as it is where there is no release to go back to', () => {
    const [newest] = evidence({}).releases;
    const found = diagnose(unready({ releases: [newest!], replicasReady: 0, pods: [silentPod('ranker-1')] }), unhealthy);
    expect(found).toMatchObject({ cause: 'probe-failing', rule: 'neverReady' });
  });
});

describe('a pod that no longer answers', () => {
  const siblings = [readyPod('ranker-2'), readyPod('ranker-3')];
  const three = { replicasWanted: 3, replicasReady: 2, replicasUpdated: 3 };

  it('while siblings of its release do, is a flake', () => {
    expect(diagnose(evidence({ ...three, pods: [silentPod('ranker-1'), ...siblings] }), unhealthy)).toMatchObject({
      cause: 'flake',
      rule: 'hanging',
    });
  });

  it('is one that starts, until its probe has failed for a while', () => {
    const young = silentPod('ranker-1', { runningSeconds: 9 });
    expect(diagnose(evidence({ ...three, pods: [young, ...siblings] }), unhealthy).cause).toBe('rolling-out');
  });

  it('is none where more than one does not', () => {
    const pods = [silentPod('ranker-1'), silentPod('ranker-4'), ...siblings];
    expect(diagnose(evidence({ ...three, pods }), unhealthy).cause).toBe('probe-failing');
  });
});

describe('a release whose pods fail', () => {
  const pods = (waiting: string) => [before, sickPod({ waiting, exit: null })];

  it.each([
    ['ImagePullBackOff', 'image', 'bad-release'],
    ['ImagePullBackOff', 'pull', 'bad-release'],
    ['ImagePullBackOff', 'environment', 'image-missing'],
    ['CrashLoopBackOff', 'environment', 'bad-release'],
    ['RunContainerError', 'command', 'bad-release'],
  ] as const)('by %s and differs in %s: %s', (waiting, what, cause) => {
    expect(diagnose(unready({ differences: [difference(what)], pods: pods(waiting) }), QUIET_CONTEXT).cause).toBe(cause);
  });

  it('is not blamed where it was only started anew', () => {
    expect(diagnose(unready({ differences: [], pods: pods('CrashLoopBackOff') }), QUIET_CONTEXT).cause).toBe('unknown');
  });

  it('is not blamed where its pods ran well for long', () => {
    const old = { ...sickPod({ exit: exitOf('Error', 1) }), ageSeconds: 7_200 };
    expect(diagnose(unready({ pods: [old], replicasReady: 0 }), QUIET_CONTEXT).cause).toBe('unknown');
    const loops = old.containers.map((one) => ({ ...one, restarts: 20 }));
    expect(diagnose(unready({ pods: [{ ...old, containers: loops }], replicasReady: 0 }), QUIET_CONTEXT).cause).toBe('bad-release');
  });

  it('is blamed beside what its node has evicted', () => {
    const ended = { reason: 'Evicted', message: 'The node was low on resource: memory.', secondsAgo: 60 };
    const gone = { ...readyPod('ranker-9', 1), ready: false, ended };
    expect(diagnose(unready({ pods: [gone, ...pods('CrashLoopBackOff')] }), QUIET_CONTEXT)).toMatchObject({
      cause: 'bad-release',
      others: [{ cause: 'node-memory-short' }],
    });
  });
});
