import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Context } from '../../incident/context.ts';
import type { PodSeen } from '../../incident/evidence.ts';
import type { MemoryNow } from '../../incident/memory-trend.ts';
import { contextOf } from '../diagnosis/seen.ts';
import { evidence, OOM_KILLED, readyPod, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { runbook, runIncident, type Stage, setTheStage } from './incident-run.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const pod = (name: string, lastExit: typeof OOM_KILLED | null = null): PodSeen => ({
  ...readyPod(name),
  containers: readyPod(name).containers.map((one) => ({ ...one, lastExit, runningSeconds: lastExit ? 60 : 7_200 })),
});
const three = evidence({
  ...{ replicasWanted: 3, replicasReady: 3, replicasUpdated: 3 },
  pods: [pod('ranker-1', OOM_KILLED), pod('ranker-2'), pod('ranker-3')],
});
const samples = Array.from({ length: 24 }, (_, step) => ({ atSeconds: step * 300, usedMi: 40 + 3.5 * step }));
/** It leaked until ranker-1 was killed; the others are as they are now. */
const leak = (...now: MemoryNow[]): Context => contextOf({ memoryTrend: { pod: 'ranker-1', container: 'main', samples, now } });
const near = (name: string, usedMi: number): MemoryNow => ({ pod: name, usedMi, perHourMi: 40 });

describe('an incident of a leak', () => {
  it('restarts the pods that are next, one after the other, and tells a person that this only puts it off', async () => {
    // What is next is not waited for.
    const patient = runbook('outOfMemory', { alertEndsSeconds: 300, verify: { stableSeconds: 0, timeoutSeconds: 300 } });
    const contexts = [leak(near('ranker-2', 120), near('ranker-3', 115)), leak(near('ranker-3', 116)), leak()];
    const { outcome, acts, escalations } = await runIncident(stage, patient, scriptedCluster([three], { contexts }));
    expect(acts.map((act) => act.slice(0, 'pod ranker-2'.length))).toEqual(['pod ranker-2', 'pod ranker-3']);
    const left = /ranker-2 and ranker-3 were restarted before the memory limit was reached, which only puts it off: the program leaks/;
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'memory-leak' }, reason: expect.stringMatching(left) });
    expect(escalations).toEqual([expect.objectContaining({ reason: expect.stringMatching(left) })]);
  });

  it('goes to a person where no pod is near its limit, since its kubelet starts what was killed anew', async () => {
    const killed = { ...three, replicasReady: 2, pods: [sickPod({ exit: OOM_KILLED }), pod('ranker-2'), pod('ranker-3')] };
    const { outcome, acts } = await runIncident(stage, runbook('outOfMemory'), scriptedCluster([killed], { contexts: [leak()] }));
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({
      ...{ kind: 'escalated', diagnosis: { cause: 'memory-leak' } },
      reason: expect.stringContaining('is started anew by its kubelet'),
    });
  });

  it('is over by itself where every pod is ready and none is near its limit', async () => {
    const { outcome, acts } = await runIncident(stage, runbook('outOfMemory'), scriptedCluster([three], { contexts: [leak()] }));
    expect([outcome.kind, acts]).toEqual(['selfResolved', []]);
  });

  it('takes no more pods than the runbook has attempts, and tells a person', async () => {
    const capped = runbook('outOfMemory', { attempts: { max: 1, backoffFirstSeconds: 0, backoffFactor: 1, backoffMaxSeconds: 0 } });
    const contexts = [leak(near('ranker-2', 120))];
    const { outcome, acts } = await runIncident(stage, capped, scriptedCluster([three], { contexts }));
    expect(acts).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: 'escalated', reason: expect.stringContaining('1 of 1 attempts') });
  });
});
