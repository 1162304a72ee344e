import { appendFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import { kubernetesCluster } from '../clients/kubernetes/cluster.ts';
import { mlflowRegistry } from '../clients/registries/mlflow.ts';
import { loadRunbooks } from '../runbooks/load.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { bundleWorkflows } from './bundle.ts';
import { registerSearchAttributes } from './register-attributes.ts';
import { createWorker } from './run-worker.ts';
import { type Settings, taskQueueOf } from './settings.ts';

/** Settings turned into everything a process of ours is made of. Only here are clients constructed. */
export async function wire(settings: Settings, mode: Runbook['mode'] | null) {
  const log = pino({ name: 'paramedic' }, pino.destination(2));
  const { runbooks, faults } = loadRunbooks(settings.PARAMEDIC_RUNBOOKS);
  if (faults.length > 0) throw new Error(`Cannot start with faulty runbooks:\n${faults.join('\n')}`);
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromDefault();
  const registry = settings.PARAMEDIC_MLFLOW_URL ? mlflowRegistry({ url: settings.PARAMEDIC_MLFLOW_URL, credentials: null }) : null;
  const kubernetes = kubernetesCluster(kubeconfig, registry);
  const address = settings.TEMPORAL_ADDRESS;
  const connection = await Connection.connect({ address }).catch((error) => {
    throw new Error(`Cannot reach Temporal at ${address} (TEMPORAL_ADDRESS): ${error.message}`, { cause: error });
  });
  const namespace = settings.TEMPORAL_NAMESPACE;
  await registerSearchAttributes(connection, namespace);
  const cluster = settings.PARAMEDIC_CLUSTER;
  const worker = await createWorker({
    connection: await NativeConnection.connect({ address }),
    namespace,
    taskQueue: taskQueueOf(cluster),
    kubernetes,
    registry,
    workflowBundle: await bundleWorkflows(),
    channels: {
      escalationWebhook: settings.PARAMEDIC_ESCALATION_WEBHOOK ?? null,
      writeAudit: (line) => appendFileSync(settings.PARAMEDIC_AUDIT_LOG, `${line}\n`),
      log: (message, fields) => log.info(fields, message),
    },
  });
  const intake = {
    runbooks: runbooks.map((runbook) => ({ ...runbook, mode: mode ?? runbook.mode })),
    cluster,
    taskQueue: taskQueueOf(cluster),
    kubernetes,
    client: new Client({ connection, namespace }),
  };
  return { log, worker, intake };
}
