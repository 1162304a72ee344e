import { describe, expect, it } from '@jest/globals';
import { diagnose } from '../../../diagnosis/diagnose.ts';
import { type Context, QUIET_CONTEXT } from '../../../incident/context.ts';
import type { WorkloadEvidence } from '../../../incident/evidence.ts';
import type { Measure } from '../../../incident/measure.ts';
import { evidence, failingModelServer, modelServer, OOM_KILLED, readyPod, sickPod } from '../../evidence.ts';
import { around, autoscaler, fixedAt, fourReady, scaler, scaling } from '../../scaling.ts';
import { contextOf, homeless, looked, places, reference } from '../seen.ts';

const killed = evidence({ replicasReady: 0, pods: [sickPod({ exit: OOM_KILLED })] });
const samples = Array.from({ length: 24 }, (_, step) => ({ atSeconds: step * 300, usedMi: 40 + 3.5 * step }));
const pressed = { name: 'node-1', ready: true, pressures: ['MemoryPressure'], unschedulable: false, others: { ready: 3, notReady: 0 } };
const config = reference('ConfigMap', 'churn', { inPrevious: true });
const lacking = evidence({ replicasReady: 0, references: [config], pods: [sickPod({ waiting: 'CreateContainerConfigError' })] });
const waiting = evidence({ replicasReady: 0, pods: [homeless('10 Insufficient cpu.')] });
const BLIND = { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics known for pod' };
const off = evidence({ replicasWanted: 0, replicasReady: 0, replicasUpdated: 0, pods: [] });
const paused = 'its annotation autoscaling.keda.sh/paused says so';

describe('a model server whose model is not at fault', () => {
  it.each<[string, WorkloadEvidence, Context, Measure]>([
    ['nodeMemoryPressure', killed, contextOf({ nodes: [pressed] }), 'pods'],
    ['memoryLeak', killed, contextOf({ memoryTrend: { pod: 'ranker-1', container: 'main', samples, now: [] } }), 'pods'],
    ['referenceMissing', lacking, contextOf({ references: [looked(config, { exists: false })] }), 'pods'],
    [
      'configChanged',
      evidence({ releaseAgeSeconds: 50_000, replicasReady: 0, references: [config], pods: [{ ...sickPod({}), notReadySeconds: 300 }] }),
      contextOf({ references: [looked(config, { changedSecondsAgo: 400, changedBy: 'kubectl-edit' })] }),
      'pods',
    ],
    ['heldUp', waiting, contextOf({ places: places() }), 'pods'],
    ['scaledToZero', off, around(scaling({ scaler: fixedAt(0), autoscaler: null, replicasWrittenBy: 'kubectl' })), 'load'],
    ['scalerPaused', fourReady(), around(scaling({ scaler: scaler({ kind: 'ScaledObject', paused }) })), 'load'],
    ['autoscalerBlind', fourReady(), around(scaling({ autoscaler: autoscaler({ conditions: [BLIND], metrics: [] }) })), 'load'],
    [
      'replicasFixedTooLow',
      fourReady(),
      around(scaling({ scaler: fixedAt(4), autoscaler: null, load: { kind: 'read', value: { what: 'the use of the CPU', share: 1.2 } } })),
      'load',
    ],
    ['rollingOut', evidence({ replicasReady: 0, pods: [{ ...readyPod('churn-1'), ready: false, ageSeconds: 3 }] }), QUIET_CONTEXT, 'pods'],
  ])('is told so by the rule %s', (rule, workload, context, measure) => {
    const server = modelServer({ ready: false, loading: null, workload });
    expect(diagnose(server, context, { measure }).rule).toBe(rule);
  });

  it('waits for room that the scheduler alone tells of', () => {
    const unplaced = evidence({ replicasReady: 0, pods: [homeless('10 are of no use.')] });
    const found = diagnose(modelServer({ ready: false, loading: null, workload: unplaced }), QUIET_CONTEXT);
    expect([found.cause, found.rule]).toEqual(['unschedulable', 'unschedulable']);
  });
});

describe('a model server whose registry cannot be read', () => {
  it('is told to a person, since nobody can say which version is good', () => {
    const registry = { kind: 'unreadable' as const, reason: 'The registry does not answer.' };
    expect(diagnose(failingModelServer({ served: { registry } }), QUIET_CONTEXT)).toMatchObject({
      cause: 'unknown',
      rule: 'registryUnreadable',
      reasons: ['It does not serve, and its model cannot be read from the registry: The registry does not answer.'],
    });
  });
});
