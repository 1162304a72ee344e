import { describe, expect, it } from '@jest/globals';
import { ApiException, type AppsV1Api, type CoreV1Api, type V1LabelSelector } from '@kubernetes/client-node';
import fc from 'fast-check';
import { readWorkload } from '../../clients/kubernetes/read-workload.ts';
import { workloadEvidence } from '../../clients/kubernetes/workload-seen.ts';
import { diagnose } from '../../diagnosis/diagnose.ts';
import type { Alert } from '../../incident/alert.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import { REMEDIES } from '../../incident/remedy.ts';
import { WORKLOAD_KINDS, type WorkloadKind } from '../../incident/target.ts';
import { planRemedy } from '../../remedies/plan-remedy.ts';
import { parseRunbook } from '../../runbooks/load.ts';
import { matchRunbook } from '../../runbooks/match.ts';
import { evidence, failingModelServer, registeredModel } from '../evidence.ts';
import { remedyLimits } from '../remedy-limits.ts';

type Read = 'the workload' | 'its releases' | 'its pods';
const READS: readonly Read[] = ['the workload', 'its releases', 'its pods'];

/** An API server with one workload, and the selectors it was asked with. */
function apiServer(selector: unknown, failures: Partial<Record<Read, Error>> = {}, kind: WorkloadKind = 'Deployment') {
  const asked: unknown[] = [];
  const metadata = { name: 'ranker', uid: 'u1', generation: 1 };
  const answer = (read: Read, body: object) => async (request: { labelSelector?: string }) => {
    const failure = failures[read];
    if (failure) throw failure;
    if (read !== 'the workload') asked.push(request.labelSelector);
    return body;
  };
  const workload = answer('the workload', { metadata, spec: { replicas: 1, selector, template: {} } });
  const releases = answer('its releases', { items: [{ metadata: { uid: 'stranger', name: 'other-1' } }] });
  const apps = {
    readNamespacedDeployment: workload,
    readNamespacedStatefulSet: workload,
    readNamespacedDaemonSet: workload,
    listNamespacedReplicaSet: releases,
    listNamespacedControllerRevision: releases,
  } as unknown as AppsV1Api;
  const core = {
    listNamespacedPod: answer('its pods', {
      items: [{ metadata: { name: 'other-1-x', ownerReferences: [{ uid: 'stranger' }] } }],
    }),
  } as unknown as CoreV1Api;
  return { asked, read: () => readWorkload(apps, core, { kind, namespace: 'ml', name: 'ranker' }) };
}

describe('an empty selection', () => {
  it.each<[string, Partial<V1LabelSelector> | null]>([
    ['is empty', {}],
    ['has no labels', { matchLabels: {} }],
    ['has null for labels', { matchLabels: null as unknown as Record<string, string> }],
    ['has expressions alone', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }],
  ])('lists no pods at all when a Deployment’s selector %s (safety 10)', async (_case, selector) => {
    const { asked, read } = apiServer(selector);
    await expect(read()).rejects.toThrow('Cannot list pods of ranker: its selector has no matchLabels.');
    expect(asked).toEqual([]);
  });

  it.each(WORKLOAD_KINDS)('of a %s takes no pod or release that merely carries the labels (safety 10)', async (kind) => {
    const { asked, read } = apiServer({ matchLabels: { app: 'ranker' } }, {}, kind);
    expect(await read()).toMatchObject({ pods: [], releases: [] });
    expect(asked).toEqual(['app=ranker', 'app=ranker']);
  });

  it('of pods, releases, containers or model versions gives no remedy anything to change (safety 10)', () => {
    const limits = remedyLimits({ gitOps: 'change' });
    const model = registeredModel({ versions: [] });
    for (const remedy of REMEDIES)
      for (const seen of [
        evidence({ pods: [], releases: [], memory: {} }),
        failingModelServer({ served: { registry: { kind: 'read', model }, serving: [] }, workload: null }),
      ])
        expect(planRemedy(remedy, seen, limits, QUIET_CONTEXT).kind).toBe('unusable');
  });

  it('of alerts or kinds makes no runbook, and an alert without a name belongs to none (safety 10)', () => {
    const text = (match: string) => `name: a\nfailureType: podCrash\nmatch: ${match}\nremedies: [restart]\n`;
    for (const match of [
      '{ alerts: [] }',
      '{ alerts: null }',
      '{ alerts: [""] }',
      '{ alerts: [A], kinds: [] }',
      '{ alerts: [A], labels: null }',
    ])
      expect(parseRunbook('a.yaml', text(match)).runbooks).toEqual([]);
    const nameless: Alert = { name: '', status: 'firing', fingerprint: '', labels: {}, annotations: {} };
    expect(matchRunbook(nameless, parseRunbook('a.yaml', text('{ alerts: [A] }')).runbooks)).toBeNull();
  });
});

describe('a target that cannot be read whole', () => {
  it('is neither healthy nor ill: whichever read fails, and however, there is no evidence (safety 18)', async () => {
    const failures = fc.constantFrom(
      ...[403, 404, 409, 429, 500, 503].map((code) => new ApiException(code, 'failed', '{}', {})),
      new Error('ECONNRESET'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...WORKLOAD_KINDS), fc.constantFrom(...READS), failures, async (kind, read, failure) => {
        const evidenceWith = async (failures: Partial<Record<Read, Error>>) =>
          workloadEvidence(await apiServer({ matchLabels: { app: 'ranker' } }, failures, kind).read(), new Map());
        expect(await evidenceWith({})).toMatchObject({ uid: 'u1' });
        await expect(evidenceWith({ [read]: failure })).rejects.toThrow();
      }),
    );
  });

  it('has no cause that a remedy answers when its model cannot be read from the registry (safety 18)', () => {
    const unread = failingModelServer({ served: { registry: { kind: 'unreadable', reason: 'MLflow is away.' } } });
    expect(diagnose(unread, QUIET_CONTEXT)).toMatchObject({
      cause: 'unknown',
      reasons: [expect.stringContaining('MLflow is away.')],
    });
  });
});
