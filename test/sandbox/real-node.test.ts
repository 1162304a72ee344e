import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { cleanUp } from '../../sandbox/clean-up.ts';
import { REAL_NODE_PARTS } from '../../sandbox/parts/part.ts';
import { BROKEN_WORKLOAD_IMAGE } from '../../sandbox/real-node/images.ts';
import { layoutOf } from '../../sandbox/real-node/layout.ts';
import { realInferenceService } from '../../sandbox/real-node/served-models.ts';
import { realDeployment } from '../../sandbox/real-node/workloads.ts';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';
import { type MachineState, machineState, processesOf, type RunningProcess, tracesOf } from './machine-state.ts';
import { clusterAt } from './real-cluster.ts';
import { describeWithRealNode } from './real-node-here.ts';

describeWithRealNode('a real node', () => {
  let before: MachineState;
  let dataDir: string;
  let sandbox: Sandbox;
  let cluster: ReturnType<typeof clusterAt>;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'paramedic-real-node-'));
    before = machineState();
    sandbox = await bringUp({ dataDir, include: REAL_NODE_PARTS, progress: (line) => process.stderr.write(`${line}\n`) });
    cluster = clusterAt(sandbox.addresses.kubeconfigPath);
  }, 3_600_000);

  afterAll(async () => {
    await sandbox?.down();
    rmSync(dataDir, { recursive: true, force: true });
  }, 60_000);

  it('runs a container that is well, which answers', async () => {
    await cluster.deploy(realDeployment({ name: 'well', behaviour: { kind: 'ok' } }));
    const { pod, containerID } = await cluster.container('well', 'ready', ({ ready }) => ready);
    expect(pod.spec?.nodeName).toBe('real-1');
    expect(containerID).toMatch(/^containerd:/);
    expect(await (await fetch(`http://${pod.status?.podIP}:8080/`)).text()).toBe('ok\n');
  }, 90_000);

  it('sees a broken release crash again and again, and keeps its last words', async () => {
    await cluster.deploy(realDeployment({ name: 'broken', behaviour: { kind: 'ok' }, image: BROKEN_WORKLOAD_IMAGE }));
    const { lastState, pod } = await cluster.container('broken', 'crash looping', ({ state, restartCount }) => {
      return state?.waiting?.reason === 'CrashLoopBackOff' && restartCount >= 2;
    });
    expect(lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(await cluster.lastLogs(pod)).toContain('FATAL cannot open /etc/ranker/config.yaml');
  }, 90_000);

  it('has the kernel kill a container that takes more memory than its limit, and leaves one be that does not', async () => {
    await cluster.deploy(realDeployment({ name: 'hungry', behaviour: { kind: 'eat', mebibytes: 200 }, memoryLimit: '64Mi' }));
    await cluster.deploy(realDeployment({ name: 'fed', behaviour: { kind: 'eat', mebibytes: 200 }, memoryLimit: '256Mi' }));
    const { lastState } = await cluster.container('hungry', 'killed', (status) => status.lastState?.terminated?.reason === 'OOMKilled');
    expect(lastState?.terminated?.exitCode).toBe(137);
    expect(await cluster.container('fed', 'ready', ({ ready }) => ready)).toMatchObject({ restartCount: 0 });
  }, 90_000);

  it('serves a model that KServe had it fetch, and neither one that does not load nor one that is missing', async () => {
    await cluster.serve(realInferenceService('churn', 'churn', 's3://models/churn/1'));
    await cluster.serve(realInferenceService('fraud', 'fraud', 's3://models/fraud/2-broken'));
    await cluster.serve(realInferenceService('spam', 'spam', 's3://models/spam/3-missing'));
    const well = await cluster.container('isvc.churn-predictor', 'ready', ({ ready }) => ready);
    const answer = await fetch(`http://${well.pod.status?.podIP}:8080/v1/models/churn`);
    expect(await answer.json()).toEqual({ name: 'churn', ready: true });
    const { lastState, pod } = await cluster.container('isvc.fraud-predictor', 'restarted', ({ restartCount }) => restartCount > 0);
    expect(lastState?.terminated?.exitCode).toBe(1);
    expect(await cluster.lastLogs(pod)).toContain('FATAL cannot unpickle model.joblib');
    await cluster.container('isvc.spam-predictor', 'without a model', ({ ready }, { status }) => {
      return !ready && status?.initContainerStatuses?.[0]?.lastState?.terminated?.exitCode === 1;
    });
  }, 90_000);

  it('leaves the other pods to the simulated nodes', async () => {
    const simulated = realDeployment({ name: 'simulated', behaviour: { kind: 'ok' } });
    delete simulated.spec?.template.spec?.nodeSelector;
    delete simulated.spec?.template.spec?.tolerations;
    await cluster.deploy(simulated);
    const { pod } = await cluster.container('simulated', 'ready', ({ ready }) => ready);
    expect(pod.spec?.nodeName).not.toBe('real-1');
  }, 90_000);

  it('outlives its kubelet', async () => {
    const { containerID } = await cluster.container('well', 'ready', ({ ready }) => ready);
    await sandbox.kill('kubelet');
    await sandbox.start('kubelet');
    expect(await cluster.container('well', 'ready', ({ ready }) => ready)).toMatchObject({ containerID, restartCount: 0 });
  }, 90_000);

  it('leaves the machine as it was', async () => {
    const traces = tracesOf(dataDir);
    expect(traces).not.toEqual([]);
    await sandbox.down();
    expect(processesOf(dataDir)).toEqual([]);
    expect(traces.filter((path) => existsSync(path))).toEqual([]);
    expect(machineState()).toEqual(before);
  }, 60_000);
});

describeWithRealNode('a real node whose owner is killed', () => {
  let before: MachineState;
  let dataDir: string;
  let owner: ChildProcess;

  beforeEach(async () => {
    // Below a folder of which the node sees a part of its own.
    dataDir = mkdtempSync('/var/lib/paramedic-real-node-');
    before = machineState();
    owner = spawn(process.execPath, [join(import.meta.dirname, 'real-node-owner.ts'), dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { kubeconfigPath } = JSON.parse(await firstLine(owner)) as { kubeconfigPath: string };
    const cluster = clusterAt(kubeconfigPath);
    await cluster.deploy(realDeployment({ name: 'well', behaviour: { kind: 'eat', mebibytes: 20 }, replicas: 2 }));
    await cluster.container('well', 'ready', ({ ready }) => ready);
  }, 120_000);

  afterEach(() => {
    owner.kill('SIGKILL');
    processesOf(dataDir).forEach(kill);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('leaves the machine as it was, containers and all', async () => {
    const traces = tracesOf(dataDir);
    const lifelines = lifelinesOf(owner).map(({ id }) => id);
    expect(lifelines).not.toEqual([]);
    owner.kill('SIGKILL');
    // Between the last server's end and the start of what puts the machine back, the lifeline alone is there.
    await untilNone(() => [...processesOf('lifeline.sh').filter(({ id }) => lifelines.includes(id)), ...processesOf(dataDir)]);
    expect(traces.filter((path) => existsSync(path))).toEqual([]);
    expect(machineState()).toEqual(before);
  }, 60_000);

  it('is put back later, from its folder alone, if nobody was left to do it at once', async () => {
    owner.kill('SIGSTOP');
    lifelinesOf(owner).forEach(kill);
    owner.kill('SIGKILL');
    const traces = tracesOf(dataDir);
    expect(traces).not.toEqual([]);
    for (let times = 0; times < 2; times++) await cleanUp(dataDir);
    await untilNone(() => processesOf(layoutOf({ dataDir }).folder));
    expect(traces.filter((path) => existsSync(path))).toEqual([]);
    expect(machineState()).toEqual(before);
  }, 60_000);
});

/** What puts the machine back when their owner is gone. */
function lifelinesOf(owner: ChildProcess): RunningProcess[] {
  return processesOf('lifeline.sh').filter(({ parent }) => parent === owner.pid);
}

function kill({ id }: RunningProcess): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It went with one of the others.
  }
}

async function untilNone(list: () => readonly RunningProcess[]): Promise<void> {
  for (const began = Date.now(); list().length > 0; await pause(50))
    if (Date.now() - began > 30_000) throw new Error(`After 30 s there are still ${JSON.stringify(list())}`);
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = await Promise.race([once(createInterface(child.stdout!), 'line'), once(child, 'exit')]);
  if (typeof line !== 'string') throw new Error('The owner of the sandbox ended before it was up.');
  return line;
}
