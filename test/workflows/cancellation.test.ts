import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { evidence, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { cancelIncident, runbook, type Stage, setTheStage } from './incident-run.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

describe('an incident that a person cancels', () => {
  it('ends as cancelled without acting, and writes that down (safety 30)', async () => {
    const slow = runbook('podCrash', { settleSeconds: 600 });
    const { status, acts, audit, told } = await cancelIncident(stage, slow, scriptedCluster([badRelease]), /heal by itself/);
    expect({ status, acts, audit }).toEqual({ status: 'CANCELLED', acts: [], audit: ['Closed'] });
    expect(told.at(-1)).toContain('Closed as cancelled: A person cancelled the incident.');
  });

  it('finishes the write it began, and says what stands unverified (safety 30)', async () => {
    const patient = runbook('podCrash', { alertEndsSeconds: 600, verify: { stableSeconds: 0, timeoutSeconds: 600 } });
    const { status, acts, told } = await cancelIncident(stage, patient, scriptedCluster([badRelease]), /Attempt 1/);
    expect({ status, acts }).toEqual({ status: 'CANCELLED', acts: ['revision 2 (ranker:2) → revision 1 (ranker:2)'] });
    expect(told.at(-1)).toContain('undoRelease stands (revision 1 (ranker:2))');
  }, 30_000);
});
