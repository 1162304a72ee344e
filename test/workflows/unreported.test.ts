import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { permitOfficeWorkflowId } from '../../incident/incident.ts';
import { guardBoard } from '../../workflows/messages.ts';
import { evidence, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, onWorker, runbook, type Stage, setTheStage, untilTold } from './incident-run.ts';

const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

describe('an act whose incident is gone before it could report', () => {
  it('stands in the audit trail, and on its target, as not reported, once (safety 32)', async () => {
    const cluster = scriptedCluster([badRelease]);
    const events: string[] = [];
    const recordEvent = async ({ name }: { name: string }, reason: string) => void events.push(`${reason} ${name}`);
    const patient = runbook('podCrash', { alertEndsSeconds: 600, verify: { stableSeconds: 0, timeoutSeconds: 600 } });
    const target = newTarget();
    const lines: AuditEntry[] = [];
    const key = await onWorker(
      stage,
      patient,
      { ...cluster, recordEvent },
      target,
      (line) => void lines.push(JSON.parse(line)),
      async (handle) => {
        await untilTold(handle, /Attempt 1/);
        await handle.terminate('Somebody ended it by hand.');
        const office = stage.environment.client.workflow.getHandle(permitOfficeWorkflowId(target.cluster));
        await until('the office lets go of the permit', async () => (await office.query(guardBoard)).leases.length === 0);
        return lines.find(({ step }) => step === 'Acting')?.key;
      },
    ).then(({ result }) => result);
    expect(lines.map(({ step }) => step)).toEqual(['Opened', 'Acting', 'Acted', 'NotReported']);
    expect(lines.at(-1)).toMatchObject({
      key,
      text: expect.stringMatching(
        /never reported on its permit for undoRelease on ml\/Deployment\/target-.*: whether it was done is not known/,
      ),
    });
    expect(events.at(-1)).toBe(`ParamedicNotReported ${target.name}`);
  }, 90_000);
});
