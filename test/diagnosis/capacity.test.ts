import { describe, expect, it } from '@jest/globals';
import { diagnose as diagnoseBy } from '../../diagnosis/diagnose.ts';
import { healthBy } from '../../diagnosis/health-by.ts';
import type { Context } from '../../incident/context.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { AutoscalerSeen } from '../../incident/scaling.ts';
import { evidence, modelServer, pendingPod, readyPod, sickPod } from '../evidence.ts';
import { AT_MAXIMUM, around, autoscaler, cpu, fixedAt, fourReady, LIMITED, scaler, scaling } from '../scaling.ts';

const diagnose = (seen: Evidence, context: Context) => diagnoseBy(seen, context, { measure: 'load' });
const causeWith = (change: Partial<AutoscalerSeen>) => diagnose(fourReady(), around(scaling({ autoscaler: autoscaler(change) }))).cause;
const busy = (share: number) => ({ kind: 'read' as const, value: { what: 'the use of the CPU that its pods ask for', share } });
const BLIND = { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics known for pod' };

describe('diagnose() of too little capacity', () => {
  it('names the maximum of an autoscaler that is there and wants more, with its metric, though all pods are ready', () => {
    expect(diagnose(fourReady(), around(AT_MAXIMUM))).toMatchObject({
      cause: 'autoscaler-at-maximum',
      confidence: 'certain',
      reasons: ['HorizontalPodAutoscaler ranker has 4 pods, its maximum is 4, and it wants more. cpu is at 120 % with a target of 80 %.'],
    });
  });

  it('names what an autoscaler has its maximum from', () => {
    const keda = scaling({ ...AT_MAXIMUM, scaler: scaler({ kind: 'ScaledObject', name: 'ranker-so' }) });
    expect(diagnose(fourReady(), around(keda)).reasons[0]).toContain('the maximum that ScaledObject ranker-so gives it is 4');
  });

  it.each<[string, Partial<AutoscalerSeen>]>([
    ['its metric is above its target at the maximum', { metrics: [cpu(1.5)] }],
    ['it says so itself and no metric says otherwise', { conditions: [LIMITED], metrics: [] }],
    ['it says so itself of a metric it cannot read', { conditions: [LIMITED], metrics: [cpu(null)] }],
    ['one of its metrics is above its target', { metrics: [cpu(0.3), { ...cpu(1.4), name: 'queue' }] }],
  ])('takes an autoscaler for one that wants more when %s', (_case, change) => {
    expect(causeWith(change)).toBe('autoscaler-at-maximum');
  });

  it.each<[string, Partial<AutoscalerSeen>]>([
    ['it is at its maximum and its metric below its target', {}],
    ['it still says it wants more, minutes after its metric has fallen', { conditions: [LIMITED], metrics: [cpu(0.6)] }],
    ['its metric is within the tenth that Kubernetes leaves alone', { metrics: [cpu(1.08)] }],
    ['its metric is high and it may still add pods', { most: 8, metrics: [cpu(2)] }],
    ['it is at its least', { conditions: [{ ...LIMITED, reason: 'TooFewReplicas' }], metrics: [] }],
  ])('finds an autoscaler healthy when %s', (_case, change) => {
    expect(causeWith(change)).toBe('healthy');
  });

  it('says that an autoscaler is blind, rather than at a maximum it can no longer know', () => {
    expect(causeWith({ conditions: [LIMITED, BLIND], metrics: [] })).toBe('autoscaler-blind');
    expect(causeWith({ conditions: [{ ...BLIND, reason: 'ScalingDisabled' }] })).toBe('healthy');
  });

  it('waits while an autoscaler makes more pods, and does not call it well before they are there (safety 19)', () => {
    const context = around(scaling({ autoscaler: autoscaler({ most: 8, desired: 6 }) }));
    expect(diagnose(fourReady(), context).cause).toBe('rolling-out');
    expect(healthBy('load', fourReady(), context).kind).toBe('notRecovered');
  });

  it('says that what scales it is paused', () => {
    const paused = scaler({ kind: 'ScaledObject', paused: 'its annotation stops it' });
    expect(diagnose(fourReady(), around(scaling({ ...AT_MAXIMUM, scaler: paused })))).toMatchObject({
      cause: 'scaler-paused',
      reasons: ['ScaledObject ranker scales nothing: its annotation stops it.'],
    });
  });

  it('calls a fixed number of pods too low only when a metric says so', () => {
    const fixed = (share: number) => around(scaling({ scaler: fixedAt(4), autoscaler: null, load: busy(share) }));
    expect(diagnose(fourReady(), fixed(0.97))).toMatchObject({
      cause: 'replicas-fixed-too-low',
      reasons: ['Deployment ranker has 4 pods, nothing scales them, and the use of the CPU that its pods ask for is at 97 %.'],
    });
    expect(diagnose(fourReady(), fixed(0.5)).cause).toBe('healthy');
    const unread = { kind: 'unreadable' as const, what: 'Prometheus', reason: 'away' };
    const without = (load: typeof unread | { kind: 'read'; value: null }) =>
      around(scaling({ scaler: fixedAt(4), autoscaler: null, load }));
    expect(diagnose(fourReady(), without(unread)).cause).toBe('healthy');
    expect(diagnose(fourReady(), without({ kind: 'read', value: null })).cause).toBe('healthy');
  });

  it('says of an InferenceService at its maximum what it says of a Deployment', () => {
    const seen = around(scaling({ ...AT_MAXIMUM, scaler: scaler({ kind: 'InferenceService', name: 'churn' }) }));
    expect(diagnose(modelServer({ workload: fourReady() }), seen).cause).toBe('autoscaler-at-maximum');
  });

  it('does not ask for more pods while those that are there are not well', () => {
    const crashing = fourReady({ replicasReady: 3, pods: [readyPod('a'), readyPod('b'), readyPod('c'), sickPod({})] });
    const starting = fourReady({ replicasReady: 3, pods: [readyPod('a'), readyPod('b'), readyPod('c'), pendingPod('d')] });
    expect(diagnose(crashing, around(AT_MAXIMUM)).cause).toBe('flake');
    expect(diagnose(starting, around(AT_MAXIMUM)).cause).toBe('rolling-out');
  });

  it('is unknown, not healthy, when what scales it cannot be read (safety 18)', () => {
    const context: Context = { ...QUIET_CONTEXT, scaling: { kind: 'unreadable', what: 'what scales ml/ranker', reason: 'no permission' } };
    expect(diagnose(fourReady(), context)).toMatchObject({ cause: 'unknown', reasons: [expect.stringContaining('no permission')] });
    expect(healthBy('load', fourReady(), context).kind).toBe('unknown');
  });

  it('measures other failures by their pods alone', () => {
    expect(diagnoseBy(fourReady(), around(AT_MAXIMUM), { measure: 'pods' }).cause).toBe('healthy');
    expect(healthBy('load', fourReady(), around(AT_MAXIMUM))).toMatchObject({
      kind: 'notRecovered',
      seen: expect.stringMatching(/^4\/4 ready, 4 of the newest release; HorizontalPodAutoscaler ranker has 4 pods/),
    });
  });
});

describe('diagnose() of a workload without pods', () => {
  const none = evidence({ replicasWanted: 0, replicasReady: 0, replicasUpdated: 0, pods: [] });
  const writtenBy = (replicasWrittenBy: string | null) => around(scaling({ scaler: fixedAt(0), autoscaler: null, replicasWrittenBy }));

  it('is that somebody scaled it to zero, named, for whatever failure', () => {
    const seen = {
      cause: 'scaled-to-zero',
      confidence: 'certain',
      reasons: ['It is scaled to no pods, by kubectl: it is meant to be off.'],
    };
    expect(diagnose(none, writtenBy('kubectl'))).toMatchObject(seen);
    expect(diagnoseBy(none, writtenBy('kubectl'), { measure: 'pods' })).toMatchObject(seen);
  });

  it('is unknown when an autoscaler wrote it or nothing could be read, and only likely meant when nobody is named', () => {
    expect(diagnose(none, writtenBy(null))).toMatchObject({ cause: 'scaled-to-zero', confidence: 'likely' });
    expect(diagnose(none, writtenBy('kube-controller-manager')).cause).toBe('unknown');
    expect(diagnose(none, QUIET_CONTEXT).cause).toBe('unknown');
  });

  it('is meant as well when KEDA may scale it to nothing, and not when somebody paused that', () => {
    const idle = (paused: string | null) =>
      around(scaling({ scaler: scaler({ kind: 'ScaledObject', least: 0, paused }), replicasWrittenBy: 'keda', autoscaler: null }));
    expect(diagnose(none, idle(null)).cause).toBe('scaled-to-zero');
    expect(diagnose(none, idle('held')).cause).toBe('unknown');
  });
});
