import { describe, expect, it } from '@jest/globals';
import { ApiException, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { openDeadline } from '../../../clients/kubernetes/deadline.ts';
import { namespaceState } from '../../../clients/kubernetes/surroundings/namespace-state.ts';
import { listWorkloads, type Workload } from '../../../clients/kubernetes/surroundings/namespace-workloads.ts';

const workload = (name: string, change: Partial<Workload> = {}): Workload => ({
  kind: 'Deployment',
  name,
  uid: `uid-${name}`,
  owners: [],
  replicasWanted: 1,
  paused: false,
  ...change,
});
const count = (...workloads: readonly Workload[]) => namespaceState({ metadata: {} }, workloads).workloads;

describe('the workloads of a namespace', () => {
  it('are those that want pods', () => {
    expect(count(workload('a'), workload('b', { kind: 'StatefulSet' }), workload('c', { replicasWanted: 0 }))).toBe(2);
  });

  it('are not counted beside the workload that owns them', () => {
    const service = workload('churn', { kind: 'InferenceService' });
    expect(count(service, workload('churn-predictor', { owners: [service.uid] }))).toBe(1);
    expect(count(workload('churn-predictor', { owners: ['uid-of-something-else'] }))).toBe(1);
  });

  it('are those whose own want pods, though they say they want none', () => {
    const service = workload('churn', { kind: 'InferenceService', replicasWanted: 0 });
    expect(count(service, workload('churn-predictor', { owners: [service.uid], replicasWanted: 2 }))).toBe(1);
    expect(count(service, workload('churn-predictor', { owners: [service.uid], replicasWanted: 0 }))).toBe(0);
  });

  /** The InferenceServices that are found where the API server answers so. */
  async function listed(answer: () => Promise<unknown>): Promise<readonly Workload[]> {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'none', server: 'http://127.0.0.1:1', skipTLSVerify: true }, { name: 'me' });
    const objects = Object.assign(config.makeApiClient(CustomObjectsApi), { listNamespacedCustomObject: answer });
    const deadline = openDeadline(10_000);
    return listWorkloads(objects, 'ml', 'InferenceService', deadline).finally(deadline.end);
  }

  it('are none of a kind that is not installed', async () => {
    const notThere = new ApiException(404, 'Unknown API Status Code!', 'page not found', {});
    expect(await listed(() => Promise.reject(notThere))).toEqual([]);
  });

  it('of KServe want one pod where nothing is said, and none where they may go to zero', async () => {
    const service = (name: string, predictor: object) => ({ metadata: { name, uid: name }, spec: { predictor } });
    const items = [service('a', {}), service('b', { minReplicas: 3 }), service('c', { minReplicas: 0 })];
    expect((await listed(async () => ({ items }))).map(({ replicasWanted }) => replicasWanted)).toEqual([1, 3, 0]);
  });

  it('cannot be told where the answer is not a list', async () => {
    await expect(listed(async () => ({ kind: 'Status' }))).rejects.toThrow('items');
  });
});
