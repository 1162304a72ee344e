import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Outcome } from '../../incident/incident.ts';
import { freePort } from '../../worker/listen.ts';
import { alertResolved, asked, decide } from '../../workflows/messages.ts';
import { incidentAttributes } from '../../workflows/search-attributes.ts';
import { evidence, sickPod } from '../evidence.ts';
import { scriptedCluster } from '../scripted-cluster.ts';
import { until } from '../until.ts';
import { newTarget, onWorker, runbook, runIncident, type Stage, setTheStage, untilTold } from './incident-run.ts';

const healthy = evidence({});
const badRelease = evidence({ pods: [sickPod({})], replicasReady: 0 });

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

async function phase(handle: WorkflowHandle): Promise<string | undefined> {
  return (await handle.describe()).typedSearchAttributes.get(incidentAttributes.phase);
}

/** A channel that nobody listens at until it is opened. */
async function channel() {
  const port = await freePort();
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(String(request.headers['idempotency-key']));
    response.writeHead(204, { connection: 'close' }).end();
  });
  return {
    url: `http://127.0.0.1:${port}/hooks/T0SECRET`,
    received,
    open: () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve)),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const resolve = (handle: WorkflowHandle) =>
  handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });

describe('an incident that nobody can be told of', () => {
  it('shows that in its story and in the list, and is told once a channel takes it, once (safety 31)', async () => {
    const { url, received, open, close } = await channel();
    const observing = runbook('podCrash', { mode: 'observe' });
    const { seen } = await onWorker(
      stage,
      observing,
      scriptedCluster([badRelease]),
      newTarget(),
      () => undefined,
      async (handle) => {
        await untilTold(handle, /Nobody could be told yet/);
        await until('the list says so', async () => (await phase(handle)) === 'untold');
        await open();
        await untilTold(handle, /A person was told after all/);
        await until('the list says so', async () => (await phase(handle)) === 'escalated');
        await resolve(handle);
        await handle.result();
      },
      { escalationWebhooks: [url] },
    );
    expect(received).toHaveLength(1);
    expect(seen.told.join('\n')).toMatch(
      /No channel took the message\. The escalation webhook 1 of 1, at 127\.0\.0\.1:\d+, cannot be reached/,
    );
    expect(seen.told.join('\n')).not.toContain('T0SECRET');
    expect(seen.audit).toContain('NotTold');
    await close();
  });

  it('ends when its alert is over although no channel took the message (safety 30)', async () => {
    const { url } = await channel();
    const { result } = await onWorker(
      stage,
      runbook('podCrash', { mode: 'observe' }),
      scriptedCluster([badRelease]),
      newTarget(),
      () => undefined,
      async (handle) => {
        await untilTold(handle, /Nobody could be told yet/);
        await resolve(handle);
        return (await handle.result()) as Outcome;
      },
      { escalationWebhooks: [url] },
    );
    expect(result.kind).toBe('observed');
  });

  it('acts on no plan that nobody was asked about, and can still be decided on where it is seen (safety 31)', async () => {
    const { url } = await channel();
    const { seen } = await onWorker(
      stage,
      runbook('podCrash', { mode: 'approve' }),
      scriptedCluster([badRelease, healthy]),
      newTarget(),
      () => undefined,
      async (handle) => {
        await untilTold(handle, /Nobody could be told yet/);
        const { id } = (await handle.query(asked))!;
        await handle.executeUpdate(decide, { args: [{ plan: id, decision: 'approve', by: 'anna' }] });
        await untilTold(handle, /Verdict: recovered/);
        await resolve(handle);
        await handle.result();
      },
      { escalationWebhooks: [url] },
    );
    expect(seen.acts).toHaveLength(1);
    expect(seen.audit.filter((step) => step === 'Approved' || step === 'Acting')).toEqual(['Approved', 'Acting']);
  });
});

describe('an entry of the audit trail that could not be written', () => {
  it('is reported in the trail as missing as soon as that can be written again (safety 32)', async () => {
    const lines: { step: string; text: string }[] = [];
    const fails = (line: string) => {
      const entry = JSON.parse(line);
      if (entry.step === 'Acted') throw ApplicationFailure.nonRetryable('no space left on device');
      lines.push(entry);
    };
    const { workflowId } = await runIncident(stage, runbook('podCrash'), scriptedCluster([badRelease, healthy]), newTarget(), fails);
    expect(lines.map(({ step }) => step)).toEqual(['Opened', 'Acting', 'NotReported', 'Verified', 'Closed']);
    expect(lines[2]?.text).toMatch(
      new RegExp(`^Entries that could not be written when it was time: Acted at .* of ${workflowId}/.*undoRelease`),
    );
  });
});
