import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { auditFigures } from '../../worker/audit-figures.ts';
import { createWorker } from '../../worker/run-worker.ts';
import { evidence } from '../evidence.ts';
import { only, scriptedCluster, scriptedRegistry } from '../scripted-cluster.ts';
import { type Stage, setTheStage } from '../workflows/incident-run.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage();
}, 3_600_000);

afterAll(() => stage?.leave());

describe('a worker', () => {
  it('counts each entry of the audit trail once it stands, and each time it could not be written', async () => {
    const registry = new Registry();
    const { environment, workflowBundle } = stage;
    let tries = 0;
    const worker = await createWorker({
      ...{
        connection: environment.nativeConnection,
        namespace: environment.client.options.namespace,
        taskQueue: 'counted',
        workflowBundle,
      },
      ...{ kubernetes: scriptedCluster([evidence({})]), registries: only(scriptedRegistry()) },
      channels: {
        escalationWebhooks: [],
        writeAudit() {
          tries++;
          if (tries <= 2) throw new Error('No space is left.');
          return '';
        },
        log: () => undefined,
      },
      figures: auditFigures(registry, 'prod'),
    });
    const who = { id: 'ann', name: 'ann', way: 'http', groups: [] } as const;
    const entry: AuditEntry = { at: new Date().toISOString(), incident: 'gone', step: 'DecisionRefused', text: 'It is over.', who };
    await worker.runUntil(
      environment.client.workflow.execute('auditNote', { workflowId: 'audit-note/1', taskQueue: 'counted', args: [entry] }),
    );
    const figures = await registry.metrics();
    expect(figures).toContain('paramedic_audit_failures_total{cluster="prod"} 2\n');
    expect(figures).toContain('paramedic_decisions_total{cluster="prod",decision="refused",way="http"} 1\n');
  });
});
