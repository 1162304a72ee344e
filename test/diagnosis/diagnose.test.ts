import { describe, expect, it } from '@jest/globals';
import { diagnose as diagnoseIn } from '../../diagnosis/diagnose.ts';
import { healthOf } from '../../diagnosis/health.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Rollout } from '../../incident/rollout.ts';
import {
  BAD_URI,
  evidence,
  exitOf,
  failingModelServer,
  modelServer,
  OOM_KILLED,
  pendingPod,
  readyPod,
  release,
  sickPod,
} from '../evidence.ts';

const diagnose = (seen: Evidence) => diagnoseIn(seen, QUIET_CONTEXT);

describe('diagnose() of a Deployment', () => {
  it('finds it healthy when every wanted pod of the newest release is ready', () => {
    expect(diagnose(evidence({})).cause).toBe('healthy');
  });

  it('blames the release when all and only its pods crash and an older one exists, and quotes what they said', () => {
    const pods = [readyPod('ranker-0', 1), sickPod({ exit: exitOf('Error', 1, 'no module named torch') })];
    expect(diagnose(evidence({ pods }))).toEqual({
      cause: 'bad-release',
      rule: 'badRelease',
      confidence: 'likely',
      others: [],
      reasons: [
        'Every pod of revision 2 fails (CrashLoopBackOff); it differs from revision 1 in image of main: ranker:1 → ranker:2. It said: no module named torch',
      ],
    });
  });

  it('does not blame the release when there is none to go back to', () => {
    expect(diagnose(evidence({ releases: [release(2)], replicasReady: 0, pods: [sickPod({})] })).cause).toBe('unknown');
  });

  it('does not blame the release when pods of the one before it fail too', () => {
    const pods = [sickPod({ revision: 1, name: 'ranker-0' }), sickPod({})];
    expect(diagnose(evidence({ replicasReady: 0, pods })).cause).toBe('unknown');
  });

  it('calls a few that crash a flake where more of their release are ready, and no others', () => {
    const cause = (sick: number, well: number) => {
      const failing = Array.from({ length: sick }, (_, number) => ({ ...sickPod({ name: `sick-${number}` }), node: `node-${number}` }));
      const ready = Array.from({ length: well }, (_, number) => readyPod(`well-${number}`));
      return diagnose(evidence({ pods: [...failing, ...ready], replicasWanted: sick + well, replicasReady: well, differences: [] })).cause;
    };
    expect([cause(2, 3), cause(1, 1), cause(2, 2), cause(3, 2)]).toEqual(['flake', 'flake', 'unknown', 'unknown']);
  });

  it('calls one crashing pod among ready siblings of its release a flake', () => {
    const pods = [readyPod('ranker-0'), readyPod('ranker-2'), sickPod({})];
    expect(diagnose(evidence({ pods, replicasWanted: 3, replicasReady: 2, replicasUpdated: 3 })).cause).toBe('flake');
  });

  it('names the limit when a container was OOM-killed', () => {
    expect(diagnose(evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 })).cause).toBe('memory-limit-too-low');
  });

  it('blames the node, not a limit that is not there', () => {
    const pods = [sickPod({ exit: OOM_KILLED, memoryLimitMi: null })];
    expect(diagnose(evidence({ pods, replicasReady: 0 })).cause).toBe('node-memory-short');
  });

  it.each([
    ['ImagePullBackOff', 'image-missing'],
    ['CreateContainerConfigError', 'bad-config'],
  ])('reads %s as %s when no older release exists', (waiting, cause) => {
    const pods = [sickPod({ waiting, exit: null })];
    expect(diagnose(evidence({ releases: [release(1)], replicasReady: 0, pods })).cause).toBe(cause);
  });

  it('tells a pod that no node takes from one that is merely starting', () => {
    const starting = evidence({ replicasReady: 0, pods: [pendingPod('ranker-1')] });
    const homeless = evidence({ replicasReady: 0, pods: [pendingPod('ranker-1', '0/3 nodes are available: 3 node(s) are odd.')] });
    expect(diagnose(starting).cause).toBe('rolling-out');
    expect(diagnose(homeless)).toMatchObject({ cause: 'unschedulable', reasons: [expect.stringContaining('are odd')] });
  });
});

describe('diagnose() of an InferenceService', () => {
  it('blames the model version when every pod that should serve it fails', () => {
    const { cause, reasons } = diagnose(failingModelServer());
    expect(cause).toBe('bad-model-version');
    expect(reasons[0]).toContain('version 2 of churn');
  });

  it.each([
    ['the registry cannot be read', { served: { registry: { kind: 'unreadable' as const, reason: 'MLflow is away' } } }],
    ['the same version serves in other pods', { served: { serving: [BAD_URI] } }],
    [
      'the runtime changed with it',
      { workload: evidence({ releases: [release(2, { images: ['runtime:2'] }), release(1)], pods: [sickPod({})] }) },
    ],
  ])('does not blame the version when %s', (_case, change) => {
    expect(diagnose(failingModelServer(change)).cause).toBe('unknown');
  });

  it('names memory, not the version, when the server was OOM-killed', () => {
    const workload = evidence({ pods: [sickPod({ exit: OOM_KILLED })] });
    expect(diagnose(failingModelServer({ workload })).cause).toBe('memory-limit-too-low');
  });
});

describe('healthOf()', () => {
  it.each([
    ['the controller has not seen the newest spec', { observed: false }],
    ['a pod is missing', { replicasWanted: 2 }],
    ['pods of the newest release are missing', { replicasUpdated: 0 }],
    ['an old pod is left that is not ready', { pods: [readyPod('ranker-1'), sickPod({ revision: 1 })] }],
    ['nothing is wanted', { replicasWanted: 0, replicasReady: 0, replicasUpdated: 0, pods: [] }],
  ])('is not recovered while %s (safety 19)', (_case, change) => {
    expect(healthOf(evidence(change)).kind).toBe('notRecovered');
    expect(healthOf(modelServer({ workload: evidence(change) })).kind).toBe('notRecovered');
  });

  it.each([
    ['KServe does not call it ready', { ready: false }],
    ['pods serve another version than the one wanted', { served: { wanted: BAD_URI } }],
    ['pods serve two versions', { served: { serving: ['s3://models/churn/1', BAD_URI] } }],
    ['the wanted version failed to load', { loading: { transition: 'BlockedByFailedLoad', wanted: 'FailedToLoad', failure: null } }],
    ['KServe has made no Deployment', { workload: null }],
  ])('of an InferenceService is not recovered while %s, whatever else looks well (safety 19)', (_case, change) => {
    expect(healthOf(modelServer(change)).kind).toBe('notRecovered');
  });

  it('asks for no more pods of the newest release than are to have it', () => {
    const healthWith = (rollout: Partial<Rollout>, replicasUpdated: number) =>
      healthOf(
        evidence({
          kind: 'StatefulSet',
          rollout: { byHand: false, waitsForFailing: true, kept: 0, ...rollout },
          ...{ replicasWanted: 3, replicasReady: 3, replicasUpdated },
        }),
      );
    expect(healthWith({}, 2).kind).toBe('notRecovered');
    expect(healthWith({ kept: 1 }, 2)).toEqual({
      kind: 'recovered',
      seen: '3/3 ready, 2 of the newest release (a partition keeps 1 from it)',
    });
    expect(healthWith({ kept: 1 }, 1).kind).toBe('notRecovered');
    expect(healthWith({ byHand: true }, 0)).toEqual({
      kind: 'recovered',
      seen: '3/3 ready, 0 of the newest release (OnDelete: who deletes a pod brings it to that)',
    });
  });

  it('of an InferenceService is recovered when every pod serves the wanted version', () => {
    expect(healthOf(modelServer({})).kind).toBe('recovered');
  });
});
