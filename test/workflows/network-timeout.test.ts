import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Context } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { alertResolved } from '../../workflows/messages.ts';
import { evidence, sickPod } from '../evidence.ts';
import { around, dependency, face, NOBODY_IN, policy, service, unreadable } from '../paths.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';
import { newTarget, onWorker, runbook, runIncident, type Stage, setTheStage, untilTold } from './incident-run.ts';

const healthy = evidence({});
const cut = around({ policies: [policy('deny', NOBODY_IN)] });
const gone = 'NetworkPolicy deny → no NetworkPolicy deny';
const madeAgain = 'no NetworkPolicy deny → NetworkPolicy deny';
const undone = 'revision 2 (ranker:2) → revision 1 (ranker:2)';
const unselected = service({ selector: { app: 'ranker', role: 'server' }, selected: 0 });
const byRelease = around({ services: [unselected], previous: face({ labels: { app: 'ranker', role: 'server' } }) });
/** It waits for no alert longer than a test does. */
const impatient = { patienceSeconds: 1 };

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

const incident = (
  contexts: readonly Context[],
  chosen: Partial<Runbook> = {},
  states: readonly Evidence[] = [healthy],
  more: Mishaps = {},
) => runIncident(stage, runbook('networkTimeout', chosen), scriptedCluster(states, { contexts, ...more }));

describe('an incident of the network', () => {
  it('takes away the policy that cuts the path, and has recovered only once the path is there (safety 19)', async () => {
    const { outcome, acts, audit } = await incident([cut, around()]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'policy-cuts-path' }, actions: [{ remedy: 'undoPolicy' }] });
    expect(acts).toEqual([gone]);
    expect(audit).toEqual(['Acting', 'Acted', 'Verified', 'Closed']);
  });

  it('makes the policy again where the path is not there without it, however ready the pods (safety 17)', async () => {
    const { outcome, acts } = await incident([cut, around({ services: [service({ ready: 0 })] })]);
    expect(acts).toEqual([gone, madeAgain]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'notRecovered' }, undone: true }] });
  });

  it('cannot tell whether it helped where the paths cannot be read any more (safety 18)', async () => {
    const { outcome } = await incident([cut, { ...around(), paths: unreadable }]);
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'unknown' } }] });
  });

  it('does not ask whether the target is kept by a tool where only the policy is changed', async () => {
    const managedBy = { tool: 'Flux' as const, name: 'ml' };
    const { uid, generation } = healthy;
    const object = { uid, generation, resourceVersion: '1', related: [], optOut: null, managedBy, heldByPerson: null };
    const { acts } = await incident([cut, around()], {}, [healthy], { surroundings: { object: { kind: 'read', value: object } } });
    expect(acts).toEqual([gone]);
  });

  it('undoes the release that took away what a Service asks for', async () => {
    const { outcome, acts } = await incident([byRelease, around()]);
    expect(acts).toEqual([undone]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'selector-matches-nothing' } });
  });

  it('hands a Service that somebody changed over, with the command that mends it', async () => {
    const { outcome, acts, escalations } = await incident([around({ services: [unselected] })]);
    expect(acts).toEqual([]);
    expect(outcome.kind).toBe('escalated');
    expect(outcome.diagnosis?.reasons.join()).toContain('kubectl -n ml patch service ranker --type=merge');
    expect(escalations[0]?.reason).toContain('the Service was changed, not the pods');
  });

  it('hands what it depends on over by name, and changes nothing', async () => {
    const { outcome, acts } = await incident([around({}, [dependency({ ready: 0 })])]);
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({ kind: 'escalated', diagnosis: { cause: 'dependency-down' } });
    expect(outcome.diagnosis?.reasons.join()).toContain('Service ml/features');
  });

  it('is healed by what the pods show where that is why nobody is reached', async () => {
    const failing = evidence({ replicasReady: 0, pods: [sickPod({})] });
    const { outcome, acts } = await incident([around({ services: [service({ ready: 0 })] }), around()], {}, [failing, healthy]);
    expect(acts).toEqual([undone]);
    expect(outcome).toMatchObject({ kind: 'recovered', diagnosis: { cause: 'bad-release' } });
  });

  it('closes as self-resolved, and wakes nobody, when nothing is wrong and the alert passes', async () => {
    const { outcome, acts, escalations } = await runPassing();
    expect(outcome).toMatchObject({ kind: 'selfResolved', diagnosis: { cause: 'transient' } });
    expect({ acts, escalations }).toEqual({ acts: [], escalations: [] });
  });

  it('is not over because nothing is found: when the alert goes on, a person is told', async () => {
    const { outcome, acts, escalations } = await incident([around()], impatient);
    expect(acts).toEqual([]);
    expect(outcome.kind).toBe('escalated');
    expect(escalations[0]?.reason).toBe('Its pods are ready and its paths are there, and the alert goes on all the same.');
  });
});

async function runPassing() {
  const chosen = runbook('networkTimeout');
  const { seen, result } = await onWorker(
    stage,
    chosen,
    scriptedCluster([healthy], { contexts: [around()] }),
    newTarget(),
    () => {},
    async (handle) => {
      await untilTold(handle, /Cause: transient/);
      await handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
      return handle.result();
    },
  );
  return { ...seen, outcome: result };
}
