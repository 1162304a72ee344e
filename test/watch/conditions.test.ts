import { describe, expect, it } from '@jest/globals';
import { autoscalerSymptoms, claimSymptoms, nodeSymptoms, podWaitingFor } from '../../watch/conditions/cluster.ts';
import { inferenceServiceSymptoms } from '../../watch/conditions/model-server.ts';
import { podSymptoms } from '../../watch/conditions/pod.ts';
import { isFollowed, jobSymptoms, pytorchJobSymptoms, trainJobSymptoms, workflowSymptoms } from '../../watch/conditions/run.ts';
import { daemonSetSymptoms, deploymentSymptoms, statefulSetSymptoms } from '../../watch/conditions/workload.ts';
import type { Symptom } from '../../watch/symptom.ts';
import {
  ago,
  autoscaler,
  claim,
  container,
  daemonSet,
  deployment,
  ended,
  inferenceService,
  metadataOf,
  NOW,
  node,
  ofCronJob,
  ofJob,
  ofJobSet,
  pod,
  run,
  statefulSet,
  workflow,
} from './objects.ts';

/** What is said, and for how many seconds it has been so, as far as the object tells. */
function saidOf(symptoms: readonly Symptom[]): string[] {
  return symptoms.map(({ condition, sinceMs, atLeastSinceMs, isPast }) => {
    const since = sinceMs ?? atLeastSinceMs ?? null;
    return `${condition} ${since === null ? '?' : (NOW - since) / 1000}${isPast ? ' past' : ''}`;
  });
}
const ofPod = (...given: Parameters<typeof pod>) => saidOf(podSymptoms(pod(...given), NOW));
const backOff = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container=main' } };
const crashing = (more = {}) => container({ ready: false, restartCount: 4, state: backOff, lastState: ended(20, 3), ...more });

describe('what is wrong with a pod', () => {
  it('is nothing while it is ready', () => expect(ofPod()).toEqual([]));

  it('is that it crashes again and again, once three restarts are not long ago', () => {
    expect(ofPod([crashing()], -200)).toEqual(['KubePodCrashLooping 23']);
    expect(podSymptoms(pod([crashing()], -200), NOW)[0]?.labels).toEqual({ namespace: 'ml', pod: 'ranker-7c9-x1', container: 'main' });
    expect(ofPod([crashing({ restartCount: 2 })], -20)).toEqual(['KubePodNotReady 20']);
  });

  it('is no crash loop where it had run for long before it ended, however often it was restarted in its life (safety 20)', () => {
    expect(ofPod([crashing({ restartCount: 40, lastState: ended(5, 3_600) })], -5)).toEqual(['KubePodNotReady 5']);
  });

  it('is a crash loop still while it was just started once more, and none once it is ready or has run for five minutes (safety 20)', () => {
    const started = (seconds: number, ready = false) => crashing({ ready, state: { running: { startedAt: ago(seconds) } } });
    expect(ofPod([started(10)], -200)).toEqual(['KubePodCrashLooping 23']);
    expect(ofPod([started(10, true)], 9)).toEqual([]);
    expect(ofPod([started(400)], -500)).toEqual(['KubePodNotReady 500']);
  });

  it('is that it is killed for want of memory, which says more than that it crashes, while that is lately and again', () => {
    const killed = (secondsAgo: number, more = {}) =>
      crashing({
        state: { running: { startedAt: ago(secondsAgo - 1) } },
        lastState: ended(secondsAgo, 30, { reason: 'OOMKilled', exitCode: 137 }),
        ...more,
      });
    expect(ofPod([killed(60)], -200)).toEqual(['KubeContainerOOMKilled 90']);
    expect(ofPod([killed(60, { state: backOff })], -200)).toEqual(['KubeContainerOOMKilled 90']);
    expect(ofPod([killed(60, { restartCount: 1 })], 50)).toEqual([]);
    expect(ofPod([killed(301, { ready: true })], 200)).toEqual([]);
  });

  it('is that a container cannot be started, since its pod is not ready', () => {
    const waits = (reason: string) => [container({ ready: false, state: { waiting: { reason, message: 'Back-off pulling image' } } })];
    for (const reason of ['ErrImagePull', 'ImagePullBackOff', 'CreateContainerConfigError'])
      expect(ofPod(waits(reason), -90)).toEqual(['KubeContainerWaiting 90']);
    expect(ofPod(waits('ContainerCreating'), -90, { status: { phase: 'Pending' } })).toEqual(['KubePodNotReady 90']);
  });

  it('is that no node takes it, and then nothing else', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/5 nodes are available', lastTransitionTime: ago(70) },
    ];
    const status = { phase: 'Pending', conditions, containerStatuses: undefined, startTime: undefined };
    expect(ofPod([], -70, { status })).toEqual(['KubePodUnschedulable 70']);
  });

  it('is nothing where it is to go, has ended, is owned by nobody, or is of a run and merely not ready', () => {
    expect(ofPod([crashing()], -200, { metadata: { deletionTimestamp: ago(1) } })).toEqual([]);
    for (const phase of ['Succeeded', 'Failed']) expect(ofPod([crashing()], -200, { status: { phase } })).toEqual([]);
    expect(ofPod([crashing()], -200, { metadata: { ownerReferences: undefined } })).toEqual([]);
    expect(ofPod([container({ ready: false })], -9_000, { metadata: ofJob('train') })).toEqual([]);
    expect(ofPod([container({ ready: false })], -9_000)).toEqual(['KubePodNotReady 9000']);
  });

  it('says what the kubelet says, with secrets struck out (safety 34)', () => {
    const message = 'pull of registry.example/x failed: https://user:hushhush@registry.example token=abc123secret';
    const [symptom] = podSymptoms(pod([container({ ready: false, state: { waiting: { reason: 'ErrImagePull', message } } })], -90), NOW);
    expect(symptom?.says).toMatch(/^Container main cannot be started: ErrImagePull: pull of/);
    expect(symptom?.says).not.toMatch(/hushhush|abc123secret/);
  });
});

describe('what is wrong with a workload', () => {
  const available = (seconds: number) => ({
    type: 'Available',
    status: 'False',
    reason: 'MinimumReplicasUnavailable',
    message: '',
    lastTransitionTime: ago(seconds),
  });
  const late = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: 'ReplicaSet "x" has timed out',
    lastTransitionTime: ago(50),
  };

  it('is nothing while all of it is there, scaled to nothing, or not looked at by its controller yet', () => {
    expect([deploymentSymptoms(deployment()), statefulSetSymptoms(statefulSet()), daemonSetSymptoms(daemonSet())].flat()).toEqual([]);
    expect(deploymentSymptoms(deployment({ availableReplicas: 0 }, { replicas: 0 }))).toEqual([]);
    expect(deploymentSymptoms(deployment({ availableReplicas: 0, observedGeneration: 2 }))).toEqual([]);
    expect(daemonSetSymptoms(daemonSet({ numberAvailable: 0, observedGeneration: 2 }))).toEqual([]);
  });

  it('is that a Deployment’s rollout passed its deadline, unless a person paused it', () => {
    expect(saidOf(deploymentSymptoms(deployment({ conditions: [late] })))).toEqual(['KubeDeploymentRolloutStuck 50']);
    expect(deploymentSymptoms(deployment({ conditions: [late] }, { paused: true }))).toEqual([]);
  });

  it('is that replicas of a Deployment are missing, since it is unavailable or else since its status says so', () => {
    const missing = (conditions: readonly object[]) => saidOf(deploymentSymptoms(deployment({ availableReplicas: 1, conditions })));
    expect(missing([available(700)])).toEqual(['KubeDeploymentReplicasMismatch 700']);
    expect(missing([])).toEqual(['KubeDeploymentReplicasMismatch 3000']);
    expect(deploymentSymptoms(deployment({ availableReplicas: 1, updatedReplicas: 1, conditions: [] }))).toEqual([]);
  });

  it('is that replicas of a StatefulSet are missing, or not updated as far as its partition asks', () => {
    expect(saidOf(statefulSetSymptoms(statefulSet({ readyReplicas: 2 })))).toEqual(['KubeStatefulSetReplicasMismatch 3000']);
    const updating = { updatedReplicas: 1, updateRevision: 'db-2' };
    expect(saidOf(statefulSetSymptoms(statefulSet(updating)))).toEqual(['KubeStatefulSetUpdateNotRolledOut 3000']);
    const partition = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };
    expect(statefulSetSymptoms(statefulSet(updating, partition))).toEqual([]);
    expect(statefulSetSymptoms(statefulSet(updating, { updateStrategy: { type: 'OnDelete' } }))).toEqual([]);
  });

  it('is that pods of a DaemonSet are missing or not updated', () => {
    expect(saidOf(daemonSetSymptoms(daemonSet({ numberAvailable: 3 })))).toEqual(['KubeDaemonSetRolloutStuck 3000']);
    expect(saidOf(daemonSetSymptoms(daemonSet({ updatedNumberScheduled: 1 })))).toEqual(['KubeDaemonSetRolloutStuck 3000']);
  });
});

describe('what is wrong with a run', () => {
  it('is that it failed, since then, and no longer to be acted on after an hour (safety 20)', () => {
    expect(saidOf(jobSymptoms(run('Job', 'Failed', 60), NOW))).toEqual(['KubeJobFailed 60']);
    expect(saidOf(jobSymptoms(run('Job', 'Failed', 3_601), NOW))).toEqual(['KubeJobFailed 3601 past']);
    expect(saidOf(trainJobSymptoms(run('TrainJob', 'Failed', 60), NOW))).toEqual(['TrainJobFailed 60']);
    expect(saidOf(pytorchJobSymptoms(run('PyTorchJob', 'Failed', 60), NOW))).toEqual(['PyTorchJobFailed 60']);
    expect(saidOf(workflowSymptoms(workflow('Failed', 60), NOW))).toEqual(['ArgoWorkflowFailed 60']);
    expect(saidOf(workflowSymptoms(workflow('Error', 4_000), NOW))).toEqual(['ArgoWorkflowFailed 4000 past']);
  });

  it('is nothing while it runs, once it completed, or where a person stopped it', () => {
    expect(jobSymptoms(run('Job', 'Complete', 60), NOW)).toEqual([]);
    expect(jobSymptoms(run('Job', null, 60), NOW)).toEqual([]);
    expect(trainJobSymptoms(run('TrainJob', 'Complete', 60), NOW)).toEqual([]);
    expect(workflowSymptoms(workflow('Running', 60), NOW)).toEqual([]);
    expect(workflowSymptoms(workflow('Failed', 60, { shutdown: 'Terminate' }), NOW)).toEqual([]);
  });

  it('is that of its schedule, and nothing of its own where it is a part of another run', () => {
    const [symptom] = jobSymptoms(run('Job', 'Failed', 60, ofCronJob('nightly')), NOW);
    expect({ labels: symptom?.labels, beside: symptom?.beside }).toEqual({
      labels: { namespace: 'ml', job_name: 'train' },
      beside: { cronjob: 'nightly' },
    });
    expect(jobSymptoms(run('Job', 'Failed', 60, ofJobSet('llm')), NOW)).toEqual([]);
  });

  it('is over once a later run of its schedule, or a retry of it, has begun, and not by an earlier or another one', () => {
    const failed = run('Job', 'Failed', 60, { ...ofCronJob('nightly'), creationTimestamp: ago(100) });
    const other = (name: string, metadata: object) => ({ metadata: metadataOf(name, { creationTimestamp: ago(50), ...metadata }) });
    expect(isFollowed(failed, [other('later', ofCronJob('nightly'))])).toBe(true);
    expect(isFollowed(failed, [other('retry', { labels: { 'paramedic.dev/retry-of-uid': 'uid-train' } })])).toBe(true);
    expect(isFollowed(failed, [other('earlier', { ...ofCronJob('nightly'), creationTimestamp: ago(200) })])).toBe(false);
    expect(isFollowed(failed, [other('another', ofCronJob('hourly')), other('alone', {}), failed])).toBe(false);
  });
});

describe('what is wrong with a cluster', () => {
  const condition = (type: string, status: string) => ({ type, status, reason: 'x', message: '', lastTransitionTime: ago(400) });

  it('is that a node is not ready, or short of something', () => {
    expect(nodeSymptoms(node())).toEqual([]);
    for (const status of ['False', 'Unknown'])
      expect(saidOf(nodeSymptoms(node([condition('Ready', status)])))).toEqual(['KubeNodeNotReady 400']);
    const pressed = nodeSymptoms(node([condition('DiskPressure', 'True'), condition('MemoryPressure', 'True')]));
    expect(pressed.map(({ labels }) => labels)).toEqual([
      { node: 'node-1', condition: 'MemoryPressure' },
      { node: 'node-1', condition: 'DiskPressure' },
    ]);
  });

  it('is that an autoscaler wants more than it may have, not that it is at its bound', () => {
    expect(saidOf(autoscalerSymptoms(autoscaler({ status: 'True', reason: 'TooManyReplicas' })))).toEqual(['KubeHpaMaxedOut 5000']);
    expect(autoscalerSymptoms(autoscaler({}))).toEqual([]);
    expect(autoscalerSymptoms(autoscaler({ status: 'True', reason: 'TooFewReplicas' }))).toEqual([]);
  });

  it('is that a claim has no volume, where a pod waits for it', () => {
    expect(claimSymptoms(claim('Bound'))).toEqual([]);
    expect(saidOf(claimSymptoms(claim('Pending')))).toEqual(['KubePersistentVolumeClaimPending 86400']);
    const mounts = (name: string, claimName: string) => ({
      metadata: metadataOf(name),
      spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }, { name: 'e' }] },
    });
    expect(podWaitingFor(claim('Pending'), [mounts('b', 'data'), mounts('a', 'data'), mounts('0', 'other')])).toBe('a');
    expect(podWaitingFor(claim('Pending'), [mounts('0', 'other')])).toBeNull();
  });

  it('is that a model server is not ready, unless a person stopped it', () => {
    for (const status of ['False', 'Unknown'] as const)
      expect(saidOf(inferenceServiceSymptoms(inferenceService(status, 40)))).toEqual(['KServeInferenceServiceNotReady 40']);
    expect(inferenceServiceSymptoms(inferenceService('True', 40))).toEqual([]);
    expect(inferenceServiceSymptoms(inferenceService('False', 40, { annotations: { 'serving.kserve.io/stop': 'true' } }))).toEqual([]);
  });
});
