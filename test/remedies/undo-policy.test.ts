import { describe, expect, it } from '@jest/globals';
import { changeText, inverse } from '../../incident/change.ts';
import type { Context } from '../../incident/context.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { evidence, modelServer, readyPod, sickPod } from '../evidence.ts';
import { around, dependency, face, minutesAgo, NOBODY_IN, NOTHING_OUT, policy, service, unreadable } from '../paths.ts';
import { remedyLimits } from '../remedy-limits.ts';

const limits = remedyLimits();

const plan = (context: Context, given = limits) => planRemedy('undoPolicy', evidence({}), given, context);
const deny = policy('deny', NOBODY_IN);

describe('undoPolicy', () => {
  it('deletes the one policy that cuts the path, and keeps it whole for the undo (safety 17)', () => {
    const planned = plan(around({ policies: [deny, policy('quiet', NOTHING_OUT)] }));
    const change = { kind: 'networkPolicy' as const, name: 'deny', from: deny.whole, to: null };
    expect(planned).toMatchObject({ kind: 'change', change });
    expect(inverse(change)).toEqual({ ...change, from: null, to: deny.whole });
    expect(changeText(change)).toEqual({ before: 'NetworkPolicy deny', after: 'no NetworkPolicy deny' });
  });

  it('is for a model server as for a Deployment, and for what goes out as for what comes in', () => {
    const outwards = around({ policies: [policy('deny', NOTHING_OUT)] }, [dependency()]);
    expect(planRemedy('undoPolicy', modelServer({}), limits, outwards).kind).toBe('change');
  });

  it('says when the policy applies to every pod of the namespace', () => {
    const everywhere = policy('deny', { ...NOBODY_IN, podSelector: {} });
    expect(plan(around({ policies: [everywhere] }))).toMatchObject({ why: expect.stringContaining('every pod of the namespace') });
    expect(plan(around({ policies: [deny] }))).not.toMatchObject({ why: expect.stringContaining('every pod of the namespace') });
  });

  it.each<[string, Context]>([
    ['No NetworkPolicy cuts', around({ policies: [policy('quiet', NOTHING_OUT)] })],
    ['without any one of deny, older', around({ policies: [deny, policy('older', NOBODY_IN)] })],
    ['is kept by Argo CD, as ml has it', around({ policies: [{ ...deny, keptBy: 'Argo CD, as ml has it' }] })],
    ['marked to be left alone: audit', around({ policies: [{ ...deny, optOut: 'audit' }] })],
    ['a decision that stands', around({ policies: [{ ...deny, createdMs: minutesAgo(61) }], newest: face({ madeMs: minutesAgo(99) }) })],
    ['before the newest release', around({ policies: [deny], newest: face({ madeMs: minutesAgo(4) }) })],
    ['before the newest release or a Service', around({ policies: [deny], services: [service({ createdMs: minutesAgo(4) })] })],
    ['too large', around({ policies: [{ ...deny, whole: { ...deny.whole, annotations: { long: 'x'.repeat(40_000) } } }] })],
    ['cannot be read', { ...around({ policies: [deny] }), paths: unreadable }],
    ['cannot be read', { ...around({ policies: [deny] }), dependencies: unreadable }],
  ])('is left to a person where it says "%s"', (reason, context) => {
    expect(plan(context)).toEqual({ kind: 'unusable', reason: expect.stringContaining(reason) });
  });

  it('changes what a tool keeps where the runbook says so', () => {
    const kept = around({ policies: [{ ...deny, keptBy: 'Flux, as ml has it' }] });
    expect(plan(kept, { ...limits, gitOps: 'change' }).kind).toBe('change');
  });
});

describe('undoRelease, where every pod is ready', () => {
  const undo = (context: Context, seen = evidence({})) => planRemedy('undoRelease', seen, limits, context).kind;
  const unselected = service({ selector: { app: 'ranker', role: 'server' }, selected: 0 });

  it('is for a release that no longer fits what the one before it did', () => {
    expect(undo(around({ services: [unselected], previous: face({ labels: { app: 'ranker', role: 'server' } }) }))).toBe('change');
  });

  it('is not for a Service that fits neither', () => {
    expect(undo(around({ services: [unselected] }))).toBe('unusable');
  });

  it('is not kept from a release whose pods fail by a Service that fits neither', () => {
    expect(undo(around({ services: [unselected] }), evidence({ replicasReady: 0, pods: [sickPod({})] }))).toBe('change');
  });
});

describe('restart', () => {
  it('takes the pod that runs without answering', () => {
    const silent = { ...readyPod('ranker-1'), ready: false };
    const plan = (...pods: (typeof silent)[]) => planRemedy('restart', evidence({ pods: [readyPod('ranker-0'), ...pods] }), limits);
    expect(plan(silent)).toMatchObject({ change: { name: 'ranker-1' } });
  });
});
