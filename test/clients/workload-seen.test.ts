import { describe, expect, it } from '@jest/globals';
import type { V1Container, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { ReleaseRead, WorkloadRead } from '../../clients/kubernetes/read-workload.ts';
import { workloadEvidence } from '../../clients/kubernetes/workload-seen.ts';

const terminated = (reason: string, exitCode: number, message?: string) => ({
  terminated: { reason, exitCode, ...(message ? { message } : {}) },
});

function pod(change: { status?: Partial<V1Pod['status']>; deleted?: boolean } = {}): V1Pod {
  return {
    metadata: { name: 'ranker-1', uid: 'u1', ...(change.deleted ? { deletionTimestamp: new Date() } : {}) },
    spec: { containers: [{ name: 'main' }], initContainers: [{ name: 'fetch' }] },
    status: { ...change.status } as NonNullable<V1Pod['status']>,
  };
}

const status = (change: Partial<V1ContainerStatus>) => ({ name: 'main', image: '', imageID: '', ready: false, restartCount: 0, ...change });
const ZONES = new Map([['node-1', 'eu-west-1a']]);
const seen = (one: V1Pod) =>
  workloadEvidence({ kind: 'Deployment', object: { metadata: { generation: 1 } }, releases: [], pods: [one] }, ZONES).pods;

const ofSet = (pods: readonly V1Pod[]): WorkloadRead => ({ kind: 'StatefulSet', object: {}, releases: [], pods });

describe('what is read of a pod', () => {
  it('strikes secrets out of what a container said when it ended (safety 34)', () => {
    const statuses = [status({ lastState: terminated('Error', 1, 'login with password=hunter2hunter2 failed') })];
    const [found] = seen(pod({ status: { containerStatuses: statuses } }));
    expect(found?.containers.at(-1)?.lastExit?.message).toBe('login with password=[redacted] failed');
  });

  it('tells of an init container that fails, and not of one that is done', () => {
    const init = (state: object) => pod({ status: { initContainerStatuses: [{ ...status({}), name: 'fetch', ...state }] } });
    expect(seen(init({ state: { waiting: { reason: 'CrashLoopBackOff' } } }))[0]?.containers.map(({ name }) => name)).toEqual([
      'fetch',
      'main',
    ]);
    expect(seen(init({ ready: true, state: terminated('Completed', 0) }))[0]?.containers.map(({ name }) => name)).toEqual(['main']);
  });

  it('gives the scheduler’s words for a pod that no node takes', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available.' }];
    expect(seen(pod({ status: { conditions } }))[0]?.unschedulable).toBe('0/3 nodes are available.');
  });

  it('tells that its readiness speaks of a certificate that is over, and keeps nothing else of what that says (safety 34)', () => {
    const unready = (message: string) => pod({ status: { conditions: [{ type: 'Ready', status: 'False', message }] } });
    const [found] = seen(unready('hunter2hunter2: x509: certificate has expired or is not yet valid'));
    expect(found?.certificateExpired).toBe(true);
    expect(JSON.stringify(found)).not.toContain('hunter2');
    expect(seen(unready('not yet'))[0]?.certificateExpired).toBe(false);
  });

  it('tells its node, and the zone of that where it is known', () => {
    const on = (nodeName: string): V1Pod => ({ ...pod(), spec: { ...pod().spec!, nodeName } });
    expect(seen(on('node-1'))[0]).toMatchObject({ node: 'node-1', zone: 'eu-west-1a' });
    expect(seen(on('node-2'))[0]).toMatchObject({ node: 'node-2', zone: null });
    expect(seen(pod())[0]).toMatchObject({ node: null, zone: null });
  });

  it('leaves out a pod that is being deleted', () => {
    expect(seen(pod({ deleted: true }))).toEqual([]);
  });

  it('is told of one that is deleted and does not go, once its time to end is over', () => {
    const at = Date.now();
    const leaving = (overdueMs: number): V1Pod => ({
      metadata: { name: 'ranker-1', uid: 'u1', deletionTimestamp: new Date(at - overdueMs) },
      spec: { containers: [], nodeName: 'node-1' },
    });
    const overdue = (one: V1Pod) => workloadEvidence(ofSet([one]), ZONES, at).overdue;
    expect(overdue(leaving(60_000))).toEqual([{ name: 'ranker-1', node: 'node-1', overdueSeconds: 60 }]);
    expect(overdue(leaving(2_000))).toEqual([]);
    expect(overdue(pod())).toEqual([]);
  });

  it('tells which claims it has; those of a StatefulSet’s pods that wait are what it cannot start without', () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data-ranker-1' } }];
    const waiting = { ...pod(), spec: { containers: [{ name: 'main' }], volumes } };
    const { pods, references } = workloadEvidence(ofSet([waiting]), ZONES);
    expect(pods[0]?.claims).toEqual(['data-ranker-1']);
    expect(references).toEqual([{ kind: 'PersistentVolumeClaim', name: 'data-ranker-1', keys: [], inPrevious: true }]);
    const ready = { ...waiting, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    expect(workloadEvidence(ofSet([ready]), ZONES).references).toEqual([]);
  });
});

describe('a release', () => {
  const probed = { name: 'main', readinessProbe: { httpGet: { path: '/ready', port: 80 } } };
  const proved = (reason: string, container: V1Container, minReadySeconds = 0) =>
    workloadEvidence(
      {
        kind: 'Deployment',
        object: {
          spec: { minReadySeconds, selector: {}, template: { spec: { containers: [container] } } },
          status: { conditions: [{ type: 'Progressing', status: 'True', reason }] },
        },
        releases: [],
        pods: [],
      },
      ZONES,
    ).provedReady;

  it('has proved itself once all its pods were ready at once, by a probe or for a while', () => {
    expect(proved('NewReplicaSetAvailable', probed)).toBe(true);
    expect(proved('NewReplicaSetAvailable', { name: 'main' }, 10)).toBe(true);
  });

  it('has not where its pods merely ran, or its rollout is not over', () => {
    expect(proved('NewReplicaSetAvailable', { name: 'main' })).toBe(false);
    expect(proved('ReplicaSetUpdated', probed)).toBe(false);
  });

  it('is not another one because its pods were merely started anew', () => {
    const made = (revision: number, image: string, annotations = {}): ReleaseRead => ({
      metadata: { name: `ranker-${revision}`, creationTimestamp: new Date(revision * 60_000) },
      hash: `hash-${revision}`,
      revision,
      template: { metadata: { annotations }, spec: { containers: [{ name: 'main', image }] } },
    });
    const anew = (at: string) => ({ 'kubectl.kubernetes.io/restartedAt': at });
    const releases = [made(4, 'ranker:2', anew('b')), made(3, 'ranker:2', anew('a')), made(2, 'ranker:2'), made(1, 'ranker:1')];
    const seen = workloadEvidence({ kind: 'Deployment', object: {}, releases, pods: [] }, ZONES, 600_000);
    expect(seen.releases.map(({ revision }) => revision)).toEqual([4, 1]);
    expect(seen.differences).toEqual([{ what: 'image', text: 'image of main: ranker:1 → ranker:2' }]);
    expect(seen.releaseAgeSeconds).toBe(480);
    const same = workloadEvidence({ kind: 'Deployment', object: {}, releases: releases.slice(0, 2), pods: [] }, ZONES, 600_000);
    expect(same.releases.map(({ revision }) => revision)).toEqual([4, 3]);
  });
});
