import { appendFileSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import { Client, type Connection } from '@temporalio/client';
import type { NativeConnection, Worker } from '@temporalio/worker';
import type pino from 'pino';
import { kubernetesCluster } from '../clients/kubernetes/cluster.ts';
import { type Metrics, prometheusMetrics } from '../clients/prometheus/prometheus.ts';
import { mlflowRegistry } from '../clients/registries/mlflow.ts';
import type { MlflowAccess } from '../clients/registries/mlflow-call.ts';
import type { ModelRegistry } from '../clients/registries/model-registry.ts';
import { faultText } from '../runbooks/fault.ts';
import { loadRunbooks } from '../runbooks/load.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { readyWorkflows } from './bundle.ts';
import { createWorker } from './run-worker.ts';
import { type Settings, taskQueueOf } from './settings.ts';

/**
 * The policy this process works by.
 * @param mode overrides what the runbooks say; null leaves it to them.
 * @throws with every fault when a runbook is faulty.
 */
export function loadPolicy(settings: Settings, mode: Runbook['mode'] | null): Runbook[] {
  const { runbooks, faults } = loadRunbooks(settings.PARAMEDIC_RUNBOOKS);
  if (faults.length > 0)
    throw new Error(`Cannot start with faulty runbooks:\n${faults.map((fault) => `  ${faultText(fault)}`).join('\n')}`);
  return runbooks.map((runbook) => ({ ...runbook, mode: mode ?? runbook.mode }));
}

/** Settings turned into a worker. Clients of outside systems are constructed in this file and nowhere else. */
export async function openWorker(settings: Settings, cluster: KubeConfig, connection: NativeConnection, log: pino.Logger): Promise<Worker> {
  const registry = openRegistry(settings);
  return createWorker({
    connection,
    namespace: settings.TEMPORAL_NAMESPACE,
    taskQueue: taskQueueOf(settings.PARAMEDIC_CLUSTER),
    kubernetes: kubernetesCluster(cluster, registry, openMetrics(settings)),
    registry,
    workflowBundle: await readyWorkflows(settings.PARAMEDIC_WORKFLOW_BUNDLE),
    channels: {
      escalationWebhook: settings.PARAMEDIC_ESCALATION_WEBHOOK ?? null,
      writeAudit: (line) => appendFileSync(settings.PARAMEDIC_AUDIT_LOG, `${line}\n`),
      log: (message, fields) => log.info(fields, message),
    },
  });
}

/** What the gateway needs to turn alerts into incidents. */
export function openIntake(settings: Settings, runbooks: readonly Runbook[], cluster: KubeConfig, connection: Connection) {
  return {
    runbooks,
    cluster: settings.PARAMEDIC_CLUSTER,
    taskQueue: taskQueueOf(settings.PARAMEDIC_CLUSTER),
    kubernetes: kubernetesCluster(cluster, null, null),
    client: openClient(settings, connection),
  };
}

export function openClient(settings: Pick<Settings, 'TEMPORAL_NAMESPACE'>, connection: Connection): Client {
  return new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE });
}

/** Null where no registry is configured. */
export function openRegistry(settings: Settings): ModelRegistry | null {
  const url = settings.PARAMEDIC_MLFLOW_URL;
  return url === undefined ? null : mlflowRegistry({ url, credentials: mlflowCredentials(settings) });
}

/** Null where no Prometheus is configured. */
function openMetrics({ PARAMEDIC_PROMETHEUS_URL: url }: Settings): Metrics | null {
  return url === undefined ? null : prometheusMetrics(url);
}

function mlflowCredentials(settings: Settings): MlflowAccess['credentials'] {
  const { PARAMEDIC_MLFLOW_TOKEN: token, PARAMEDIC_MLFLOW_USERNAME: username, PARAMEDIC_MLFLOW_PASSWORD: password } = settings;
  if (token !== undefined) return { kind: 'bearer', token };
  return username !== undefined && password !== undefined ? { kind: 'basic', username, password } : null;
}
