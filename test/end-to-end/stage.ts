import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { FAILURE_TYPES, type FailureType } from '../../incident/failure-type.ts';
import type { Outcome } from '../../incident/incident.ts';
import { incidentWorkflowId } from '../../incident/incident.ts';
import type { Target } from '../../incident/target.ts';
import { bringUp, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { bundleWorkflows } from '../../worker/bundle.ts';
import { until } from '../until.ts';
import { killParamedic, startParamedic } from './paramedic-process.ts';

export const NAMESPACE = 'models';

/** The whole real stack with Paramedic on it, as a process of its own and with the rights of its own ServiceAccount. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly admin: KubeConfig;
  readonly apps: AppsV1Api;
  readonly client: Client;
  /** The folder of the runbooks, which are read when Paramedic starts. */
  readonly runbooks: string;
  killParamedic(): Promise<void>;
  startParamedic(): Promise<void>;
  /** Paramedic's own audit trail of a target. */
  auditTrail(target: Target): readonly AuditEntry[];
  leave(): Promise<void>;
}

/** What makes of runbooks such that act, and wait seconds where shipped ones wait minutes. */
const QUICK =
  'mode: auto\nsettleSeconds: 1\nalertEndsSeconds: 60\nflapping: { quietSeconds: 1 }\nattempts: { max: 3, backoffFirstSeconds: 1 }\nverify: { stableSeconds: 3, timeoutSeconds: 60 }\n';
const REMEDIES_FOR: Partial<Record<FailureType, string>> = {
  podCrash: 'match: { alerts: [KubePodCrashLooping], kinds: [Deployment] }\nremedies: [restart, undoRelease]',
  outOfMemory: 'match: { alerts: [KubeContainerOOMKilled], kinds: [Deployment] }\nremedies: [raiseMemory]',
  modelServingFailure:
    'match: { alerts: [KServeInferenceServiceNotReady, KubePodCrashLooping], kinds: [InferenceService] }\nremedies: [rollBackModel]',
};
/** Tests break the same few things again and again, all in one namespace. */
const LIMITS = `cluster:
  rates:
    remedy: { max: 1000, perSeconds: 3600 }
    namespace: { max: 1000, perSeconds: 3600 }
    cluster: { max: 1000, perSeconds: 3600 }
    allClusters: { max: 1000, perSeconds: 3600 }
  storm: { targets: 100, withinSeconds: 300 }
  blast: { namespaceWorkloads: { percent: 100, atLeast: 100, withinSeconds: 600 } }
`;
const RUNBOOKS = new Map(
  FAILURE_TYPES.flatMap((type, index) => {
    const rest = REMEDIES_FOR[type];
    return rest ? [[`${type}.yaml`, `name: runbook-${index}\nfailureType: ${type}\n${rest}\n${QUICK}`] as const] : [];
  }),
);

interface Setting extends Pick<SandboxOptions, 'include' | 'without'> {
  /** The file `limits.yaml`. */
  readonly limits?: string;
  /** The folder of drills, where they are not those that are shipped. */
  readonly drills?: string;
  /** The runbooks, by file name. */
  readonly files?: ReadonlyMap<string, string>;
  /** False: runbooks that observe do no more than that. */
  readonly actsToo?: boolean;
}

export async function setTheStage({ limits = LIMITS, files = RUNBOOKS, drills, actsToo = true, ...parts }: Setting = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  const runbooks = join(folder, 'runbooks');
  mkdirSync(runbooks);
  for (const [file, text] of files) writeFileSync(join(runbooks, file), text);
  writeFileSync(join(runbooks, 'limits.yaml'), limits);
  // As an image has it, since Paramedic is started anew again and again here.
  const workflows = join(folder, 'workflows.js');
  writeFileSync(workflows, (await bundleWorkflows()).code);
  const sandbox = await bringUp({ dataDir: join(folder, 'sandbox'), ...parts, progress: (line) => process.stderr.write(`${line}\n`) });
  const admin = new KubeConfig();
  admin.loadFromFile(sandbox.addresses.kubeconfigPath);
  await admin.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: NAMESPACE } } });
  const connection = await Connection.connect({ address: sandbox.addresses.temporalAddress });
  let paramedic: ChildProcess = await startParamedic(sandbox.addresses, folder, { runbooks, workflows, drills, actsToo });
  return {
    sandbox,
    admin,
    apps: admin.makeApiClient(AppsV1Api),
    client: new Client({ connection }),
    runbooks,
    killParamedic: () => killParamedic(paramedic),
    async startParamedic() {
      paramedic = await startParamedic(sandbox.addresses, folder, { runbooks, workflows, drills, actsToo });
    },
    auditTrail(target) {
      const file = join(folder, 'paramedic-audit.jsonl');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      const suffix = `/${target.cluster}/${target.namespace}/${target.kind}/${target.name}`;
      return lines.map((line): AuditEntry => JSON.parse(line)).filter(({ incident }) => incident.endsWith(suffix));
    },
    async leave() {
      await killParamedic(paramedic);
      await connection.close();
      await sandbox.down();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for an incident to begin, and for its end. */
export async function outcomeOf({ client }: Stage, type: FailureType, target: Target): Promise<Outcome> {
  const handle = client.workflow.getHandle(incidentWorkflowId(type, target));
  await until(`${handle.workflowId} began`, () =>
    handle.describe().then(
      () => true,
      () => false,
    ),
  );
  for (;;) {
    try {
      return await handle.result();
    } catch (error) {
      // Temporal may be away for a while; the incident is not lost.
      if (!/UNAVAILABLE|connect|shutting down/i.test(String((error as Error).cause ?? error))) throw error;
    }
  }
}

/** How often Paramedic wrote to a target, by the API server's own record. */
export function writesTo({ sandbox }: Stage, { kind, name }: Target): number {
  const resource = kind === 'Deployment' ? 'deployments' : 'inferenceservices';
  const lines = readFileSync(sandbox.addresses.auditLogPath, 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ requestURI, verb, objectRef, responseStatus }) => {
      const ours = verb === 'patch' && requestURI.includes('fieldManager=paramedic') && !requestURI.includes('dryRun');
      return ours && responseStatus.code < 300 && objectRef.resource === resource && objectRef.name === name;
    }).length;
}
