import type { WorkflowHandle } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import type { Cluster } from '../../../clients/cluster.ts';
import type { Limits } from '../../../guards/limits.ts';
import type { AuditEntry } from '../../../incident/audit-entry.ts';
import { permitOfficeWorkflowId } from '../../../incident/incident.ts';
import type { Target } from '../../../incident/target.ts';
import type { Runbook } from '../../../runbooks/schema.ts';
import { createWorker } from '../../../worker/run-worker.ts';
import { alertResolved, story } from '../../../workflows/messages.ts';
import { layer } from '../../limits.ts';
import { only, type scriptedCluster, scriptedRegistry } from '../../scripted-cluster.ts';
import { until } from '../../until.ts';
import { runbook, type Stage } from '../incident-run.ts';

type Scripted = ReturnType<typeof scriptedCluster>;

/** One cluster whose incidents share a worker and a permit office. */
export interface House {
  readonly cluster: string;
  /** The office as it is now. */
  office(): WorkflowHandle;
  /** Each target's part of the cluster, by name; changed as the test goes on. */
  readonly scripts: Map<string, Scripted>;
  readonly audit: AuditEntry[];
  readonly escalations: { readonly incident: string; readonly reason: string }[];
  target(name: string, script: Scripted): Target;
  begin(target: Target, change?: Partial<Runbook>, limits?: Limits): Promise<WorkflowHandle>;
  /** A worker that goes, and another that comes; what is done meanwhile is done without any. */
  restartWorker(meanwhile?: () => Promise<void>): Promise<void>;
  leave(): Promise<void>;
}

let houses = 0;

export async function openHouse(stage: Stage): Promise<House> {
  const cluster = `house-${process.pid}-${++houses}`;
  const scripts = new Map<string, Scripted>();
  const audit: AuditEntry[] = [];
  const escalations: { incident: string; reason: string }[] = [];
  const { client, nativeConnection: connection } = stage.environment;
  const channels = {
    escalationWebhooks: [],
    writeAudit: (entry: AuditEntry) => String(audit.push(entry)),
    log: (_message: string, fields: object) => {
      if ('escalation' in fields) escalations.push(fields.escalation as (typeof escalations)[number]);
    },
  };
  const open = async () => {
    const parts = {
      connection,
      namespace: client.options.namespace,
      taskQueue: cluster,
      kubernetes: castOf(scripts),
      registries: only(scriptedRegistry()),
    };
    const worker = await createWorker({ ...parts, channels, workflowBundle: stage.workflowBundle });
    return { worker, ended: worker.run() };
  };
  let running = await open();
  const close = async ({ worker, ended }: { worker: Worker; ended: Promise<void> }) => {
    worker.shutdown();
    await ended;
  };
  return {
    cluster,
    office: () => client.workflow.getHandle(permitOfficeWorkflowId(cluster)),
    scripts,
    audit,
    escalations,
    target(name, script) {
      scripts.set(name, script);
      return { cluster, namespace: 'ml', kind: 'Deployment', name };
    },
    begin: (target, change = {}, limits = {}) =>
      client.workflow.start(change.failureType ?? 'podCrash', {
        workflowId: `${cluster}/${target.name}/${crypto.randomUUID()}`,
        taskQueue: cluster,
        args: [{ target, runbook: runbook(change.failureType ?? 'podCrash', change), limits: [layer(limits)] }],
      }),
    async restartWorker(meanwhile = async () => undefined) {
      await close(running);
      await meanwhile();
      running = await open();
    },
    leave: () => close(running),
  };
}

/** The whole cluster: each target plays the script of its name. */
function castOf(scripts: ReadonlyMap<string, Scripted>): Cluster {
  const of = ({ name }: Pick<Target, 'name'>) => {
    const script = scripts.get(name);
    if (!script) throw new Error(`No script for ${name}.`);
    return script;
  };
  return {
    observe: async (target) => of(target).observe(target),
    readContext: async (target, evidence) => of(target).readContext(target, evidence),
    readScaling: async (target, evidence) => of(target).readScaling(target, evidence),
    askGolden: async (target, ...rest) => of(target).askGolden(target, ...rest),
    readQuality: async (target, questions) => of(target).readQuality(target, questions),
    seeBeside: async (target, ...rest) => of(target).seeBeside(target, ...rest),
    readSurroundings: async (target, plan) => of(target).readSurroundings(target, plan),
    readBeside: async () => {
      throw new Error('Every target of the cast is an object of Kubernetes.');
    },
    apply: async (target, ...rest) => of(target).apply(target, ...rest),
    displacedPods: async () => [],
    topmostOwner: async () => null,
    recordEvent: async () => undefined,
  };
}

/** Waits until an incident has told what the pattern matches. */
export function untilTold(handle: WorkflowHandle, what: RegExp): Promise<void> {
  return until(`an incident tells ${what}`, async () => (await handle.query(story)).some((line) => what.test(line)));
}

export function resolve(handle: WorkflowHandle): Promise<void> {
  return handle.signal(alertResolved, { name: 'A', status: 'resolved', fingerprint: 'a1', labels: {}, annotations: {} });
}
