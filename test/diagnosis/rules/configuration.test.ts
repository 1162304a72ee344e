import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { QUIET_CONTEXT } from '../../../incident/context.ts';
import type { WorkloadEvidence } from '../../../incident/evidence.ts';
import { evidence, readyPod, release, sickPod } from '../../evidence.ts';
import { contextOf, homeless, looked, reference, startingPod, warning } from '../seen.ts';

const before = readyPod('ranker-0', 1);
const cannotBeMade = (said: string) => startingPod('ranker-1', 'CreateContainerConfigError', said);
const seen = (change: Partial<WorkloadEvidence>) => evidence({ replicasUpdated: 1, ...change });

describe('what a pod cannot start without', () => {
  const config = reference('ConfigMap', 'ranker');

  it('is blamed on the release that needs it, where the one before it did not', () => {
    const context = contextOf({ references: [looked(config, { exists: false })] });
    expect(diagnose(seen({ references: [config], pods: [before, cannotBeMade('configmap "ranker" not found')] }), context)).toMatchObject({
      cause: 'bad-release',
      rule: 'releaseLacksReference',
      confidence: 'certain',
      reasons: [expect.stringContaining('Revision 2 needs ConfigMap ranker, which does not exist')],
    });
  });

  it('is named exactly where the release before it needed it too: going back would not bring it', () => {
    const same = { ...config, inPrevious: true };
    const context = contextOf({ references: [looked(same, { exists: false })] });
    const young = { ...cannotBeMade('configmap "ranker" not found'), ageSeconds: 2 };
    expect(diagnose(seen({ references: [same], pods: [before, young] }), context)).toMatchObject({
      cause: 'bad-config',
      rule: 'referenceMissing',
      confidence: 'certain',
      reasons: ['Its pods cannot start without ConfigMap ranker, which does not exist.'],
    });
  });

  it.each([
    ["couldn't find key BATCH_SIZE in ConfigMap ml/ranker", 'key BATCH_SIZE of ConfigMap ranker'],
    ["couldn't find key TOKEN in Secret ranker", 'key TOKEN of Secret ranker'],
    ['secret "ranker-licence" not found', 'Secret ranker-licence, which does not exist'],
  ])('is read from what the kubelet says: %s', (said, named) => {
    const found = diagnose(seen({ releases: [release(2)], pods: [cannotBeMade(said)], replicasReady: 0 }), QUIET_CONTEXT);
    expect(found).toMatchObject({ cause: 'bad-config', reasons: [expect.stringContaining(named)] });
  });

  it('is read from a mount that fails, a node that is not found and a pod that is not made', () => {
    const mount = contextOf({
      events: [warning('Pod/ranker-1', 'FailedMount', 'MountVolume.SetUp failed for volume "c" : configmap "a" not found')],
    });
    const claim = homeless('persistentvolumeclaim "data" not found.');
    const createFailure = 'pods "x" is forbidden: error looking up service account ml/robot: serviceaccount "robot" not found';
    const reasonOf = (change: Partial<WorkloadEvidence>, context = QUIET_CONTEXT) =>
      diagnose(seen({ releases: [release(2)], replicasReady: 0, ...change }), context).reasons[0];
    expect(reasonOf({ pods: [startingPod('ranker-1')] }, mount)).toContain('ConfigMap a, which');
    expect(reasonOf({ pods: [claim] })).toContain('PersistentVolumeClaim data, which');
    expect(reasonOf({ pods: [], createFailure })).toContain('ServiceAccount robot, which');
  });

  it('names the keys that are missing', () => {
    const keyed = reference('ConfigMap', 'ranker', { keys: ['A', 'B'], inPrevious: true });
    const context = contextOf({ references: [looked(keyed, { missingKeys: ['B'] })] });
    expect(diagnose(seen({ references: [keyed], pods: [before, startingPod('ranker-1')] }), context).reasons[0]).toContain(
      'key B of ConfigMap ranker, which it does not have',
    );
  });

  it('is not missing any more once it is there, whatever was said before', () => {
    const context = contextOf({ references: [looked(config)] });
    expect(diagnose(seen({ references: [config], pods: [before, startingPod('ranker-1')] }), context).cause).toBe('rolling-out');
    const said = contextOf({
      references: [looked(config)],
      events: [warning('Pod/ranker-1', 'FailedMount', 'configmap "ranker" not found')],
    });
    expect(diagnose(seen({ references: [config], pods: [before, startingPod('ranker-1')] }), said).cause).not.toBe('bad-config');
  });

  it('explains no pod that has started without it, and none that began a moment ago', () => {
    const context = contextOf({ references: [looked(config, { exists: false })] });
    expect(diagnose(seen({ references: [config], pods: [before, sickPod({})] }), context).rule).toBe('badRelease');
    const young = { ...startingPod('ranker-1'), ageSeconds: 5 };
    expect(diagnose(seen({ references: [config], pods: [before, young] }), context).cause).toBe('rolling-out');
  });

  it('is not told where it cannot be looked for', () => {
    const unread = { ...QUIET_CONTEXT, references: { kind: 'unreadable', what: 'what it refers to', reason: 'away' } as const };
    expect(diagnose(seen({ references: [config], pods: [before, startingPod('ranker-1')] }), unread).cause).toBe('rolling-out');
  });
});

describe('configuration that was changed', () => {
  const config = reference('ConfigMap', 'ranker', { inPrevious: true });
  const changed = (secondsAgo: number) =>
    contextOf({ references: [looked(config, { changedSecondsAgo: secondsAgo, changedBy: 'kubectl-edit' })] });
  const failing = { releaseAgeSeconds: 50_000, pods: [{ ...sickPod({}), notReadySeconds: 300 }], replicasReady: 0, references: [config] };

  it('after the release was made and shortly before its pods failed, is named before the release', () => {
    expect(diagnose(seen(failing), changed(400))).toMatchObject({
      cause: 'config-changed',
      rule: 'configChanged',
      confidence: 'likely',
      reasons: ['ConfigMap ranker was changed 7 min ago by kubectl-edit, and its pods fail since (CrashLoopBackOff).'],
      others: [{ cause: 'bad-release' }],
    });
  });

  it.each([
    ['before the release was made', 60_000, {}],
    ['after its pods failed', 100, {}],
    ['long before its pods failed', 20_000, {}],
    ['before a pod was made that is ready', 400, { pods: [...failing.pods, { ...readyPod('ranker-2'), ageSeconds: 200 }] }],
  ])('%s, is not named', (_case, secondsAgo, change) => {
    expect(diagnose(seen({ ...failing, ...change }), changed(secondsAgo)).cause).not.toBe('config-changed');
  });

  it('is named where the release only started the pods anew', () => {
    const restarted = { ...failing, differences: [], releaseAgeSeconds: 320 };
    expect(diagnose(seen(restarted), changed(400)).cause).toBe('config-changed');
    expect(diagnose(seen({ ...failing, releaseAgeSeconds: 320 }), changed(400)).cause).toBe('bad-release');
  });
});
