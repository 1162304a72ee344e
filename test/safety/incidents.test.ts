import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Cluster } from '../../clients/cluster.ts';
import { Refused } from '../../clients/failures.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { Evidence } from '../../incident/evidence.ts';
import { alertResolved } from '../../workflows/messages.ts';
import { failingModelServer } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { cancelIncident, newTarget, runbook, runIncident, type Stage, setTheStage } from '../workflows/incident-run.ts';
import { AT_ONCE, STATES } from './obstacles.ts';

const { healthy, badRelease, tooLittle, flake } = STATES;

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

/** The incident that acts under a key. */
const incidentOf = (key: string) => stage.environment.client.workflow.getHandle(key.split('/').slice(0, 2).join('/'));

async function isCancelled(key: string): Promise<boolean> {
  const { events } = await incidentOf(key).fetchHistory();
  return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes) ?? false;
}

describe('an incident that acts', () => {
  it('finishes the act it began, and writes it down, when a person ends it in the middle (safety 30, 32)', async () => {
    const cluster = scriptedCluster([badRelease]);
    let hasBegun = false;
    const slow: typeof cluster = {
      ...cluster,
      async apply(target, change, bound, options) {
        hasBegun ||= !options.dryRun;
        if (!options.dryRun) await until('the incident is cancelled', () => isCancelled(options.key));
        return cluster.apply(target, change, bound, options);
      },
    };
    const { status, acts, audit } = await cancelIncident(stage, runbook('podCrash'), slow, Object.assign(/x/, { test: () => hasBegun }));
    expect({ status, acts, audit }).toEqual({
      ...{ status: 'CANCELLED', acts: ['revision 2 (ranker:2) → revision 1 (ranker:2)'], audit: ['Acting', 'Acted', 'Closed'] },
    });
  });

  it('says so where people look when what it did cannot be written down after, and still ends (safety 32)', async () => {
    const diskFills = (line: string) => {
      if ((JSON.parse(line) as AuditEntry).step === 'Acted') throw ApplicationFailure.nonRetryable('no space left on device');
    };
    const { outcome, told } = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), newTarget(), diskFills);
    expect(outcome.kind).toBe('recovered');
    expect(told).toContainEqual(expect.stringContaining('The audit entry Acted could not be written: no space left on device'));
  });
});

describe('an incident whose target cannot be read', () => {
  /** Cannot be read before anything is done, or only after. */
  function unreadable(from: 'the start' | 'the act'): ReturnType<typeof scriptedCluster> {
    const script = scriptedCluster([badRelease, healthy]);
    return {
      ...script,
      async observe(target) {
        if (from === 'the start' || script.acts.length > 0) throw new Refused('cannot get resource "pods"');
        return script.observe(target);
      },
    };
  }

  it('acts on nothing, and is neither healed nor taken for a failure with a cure (safety 18)', async () => {
    const { outcome, acts } = await runIncident(stage, runbook('podCrash'), unreadable('the start'));
    expect(acts).toEqual([]);
    expect(outcome).toMatchObject({ kind: 'escalated', diagnosis: null, reason: expect.stringContaining('cannot be examined') });
  });

  it('after an act is not healed, and nothing else is tried (safety 18, 19)', async () => {
    const { outcome, acts } = await runIncident(stage, runbook('podCrash', AT_ONCE), unreadable('the act'));
    expect(acts[0]).toBe('revision 2 (ranker:2) → revision 1 (ranker:2)');
    expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ remedy: 'undoRelease', verdict: { kind: 'unknown' } }] });
  });
});

it('an incident whose target got well after it was looked at acts on nothing (safety 13, 20)', async () => {
  const script = scriptedCluster([badRelease]);
  let looks = 0;
  const cluster: typeof script = { ...script, observe: async () => (looks++ === 0 ? badRelease : healthy) };
  const { outcome, acts } = await runIncident(stage, runbook('podCrash', AT_ONCE), cluster);
  expect({ kind: outcome.kind, acts }).toEqual({ kind: 'selfResolved', acts: [] });
});

it('an alert that falls silent while the target stays ill is no cure (safety 19)', async () => {
  const cluster = scriptedCluster([badRelease]);
  const silenced: typeof cluster = {
    ...cluster,
    async apply(target, change, bound, options) {
      if (!options.dryRun)
        await incidentOf(options.key).signal(alertResolved, {
          name: 'A',
          status: 'resolved',
          fingerprint: 'a1',
          labels: {},
          annotations: {},
        });
      return cluster.apply(target, change, bound, options);
    },
  };
  const { outcome } = await runIncident(stage, runbook('podCrash', AT_ONCE), silenced);
  expect(outcome).toMatchObject({ kind: 'escalated', actions: [{ verdict: { kind: 'notRecovered' } }] });
});

it('an incident without a permission asks for that one act once, says what is missing, and tries no other way (safety 35)', async () => {
  const asked: string[] = [];
  const script = scriptedCluster([badRelease]);
  const refusing: Cluster & { acts: string[] } = {
    ...script,
    apply(_target, change, _bound, { dryRun }) {
      asked.push(`${change.kind}${dryRun ? ' (dry run)' : ''}`);
      return Promise.reject(new Refused('cannot patch resource "deployments" in API group "apps"'));
    },
  };
  const { outcome } = await runIncident(stage, runbook('podCrash', AT_ONCE), refusing);
  expect(asked).toEqual(['podTemplate (dry run)']);
  expect(outcome).toMatchObject({
    kind: 'escalated',
    reason: expect.stringContaining('cannot patch resource "deployments" in API group "apps"'),
  });
});

it.each(['dataQuality', 'accuracyDegradation'] as const)(
  'an incident of %s acts on nothing, whatever the cause, though its runbook is in auto mode and allows every remedy (safety 36)',
  async (failureType) => {
    const states: readonly Evidence[] = [badRelease, tooLittle, flake, failingModelServer()];
    const runs = await Promise.all(
      states.map((state) => runIncident(stage, runbook(failureType, AT_ONCE), scriptedCluster([state]), newTarget(state.kind))),
    );
    expect(runs.map(({ acts, escalations, requests }) => [acts, escalations.length + requests.length])).toEqual(states.map(() => [[], 1]));
  },
);
