import { KubeConfig } from '@kubernetes/client-node';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { permitOfficeWorkflowId } from '../incident/incident.ts';
import type { Addresses } from '../sandbox/addresses.ts';
import { sandboxDown, sandboxStatus, sandboxUp } from '../sandbox/background.ts';
import { type PartName, REAL_NODE_PARTS } from '../sandbox/parts/part.ts';
import { reset } from '../workflows/messages.ts';
import type { Breakage } from './breakage.ts';
import { breakages } from './breakages.ts';
import { follow, untilNoneIsOpen } from './follow.ts';
import { objectsIn } from './objects.ts';
import { type DemoIncident, demoIncident } from './report.ts';
import { onRealNode, onSimulatedNodes } from './workloads.ts';

/** What Paramedic calls the cluster as long as nobody names it. */
const CLUSTER = 'local';

export interface DemoOptions {
  /** Ends the stack afterwards. */
  readonly once: boolean;
  /** Runs real containers on this machine as a node; root on Linux only. */
  readonly realNode: boolean;
  /** Is told what happens, a line at a time. */
  readonly tell: (line: string) => void;
  /** Aborted upon Ctrl-C: what was started for the demo is ended. */
  readonly signal: AbortSignal;
}

/** What the demo found. */
export interface DemoReport {
  readonly incidents: readonly DemoIncident[];
  /** All recovered, each by the one remedy that cures it. */
  readonly asExpected: boolean;
  readonly addresses: Addresses;
}

/** Brings the stack up, breaks three things, and follows each incident to its end. */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const addresses = await stackWithParamedic(options);
  try {
    return await heal(addresses, options);
  } finally {
    if (options.once || options.signal.aborted) {
      options.tell('Ending the stack.');
      await sandboxDown();
    }
  }
}

/** A stack that is up is used as it is, if Paramedic is part of it. */
async function stackWithParamedic({ realNode, tell, signal }: DemoOptions): Promise<Addresses> {
  const include: PartName[] = ['paramedic', ...(realNode ? REAL_NODE_PARTS : [])];
  const status = await sandboxStatus();
  if (status.kind !== 'up') {
    tell('Bringing the real stack up; the first time, its servers are built.');
    return sandboxUp({ include, progress: tell, signal });
  }
  const there = new Set(status.parts.filter(({ state }) => state === 'running').map(({ name }) => name));
  const missing = include.filter((name) => !there.has(name));
  if (missing.length > 0)
    throw new Error(
      `The sandbox is up, but ${missing.join(' and ')} does not run in it. End it with "paramedic sandbox down" and run the demo again.`,
    );
  return status.addresses;
}

async function heal(addresses: Addresses, { realNode, tell, signal }: DemoOptions): Promise<DemoReport> {
  const config = new KubeConfig();
  config.loadFromFile(addresses.kubeconfigPath);
  const connection = await Connection.connect({ address: addresses.temporalAddress });
  try {
    const client = new Client({ connection });
    await objectsIn(config).ensureNamespace();
    const all = breakages(config, CLUSTER, addresses.mlflowUrl, realNode ? onRealNode : onSimulatedNodes);
    tell('Putting three workloads in good health.');
    await Promise.all(all.map((breakage) => breakage.prepare()));
    // A model server that takes its time to start is an incident of its own, which resolves itself.
    await Promise.all(all.map((breakage) => untilNoneIsOpen(client, breakage, signal)));
    await forgetEarlierDemos(client);
    const incidents = await Promise.all(all.map((breakage) => breakAndFollow(breakage, client, addresses, tell, signal)));
    return { incidents, asExpected: incidents.every(({ asExpected }) => asExpected), addresses };
  } finally {
    await connection.close();
  }
}

/** The guards would rightly not cure the same things again and again, and a demo breaks the same things each time. */
async function forgetEarlierDemos({ workflow }: Client): Promise<void> {
  try {
    await workflow.getHandle(permitOfficeWorkflowId(CLUSTER)).executeUpdate(reset, { args: [{ of: 'record', by: 'the demo' }] });
  } catch (error) {
    // No office, no record.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function breakAndFollow(
  breakage: Breakage,
  client: Client,
  { temporalUiUrl }: Addresses,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<DemoIncident> {
  const name = breakage.target.name.padEnd(8);
  const brokenAt = new Date();
  await breakage.break();
  tell(`${name} ${brokenAt.toISOString().slice(11, 19)} Broken on purpose: ${breakage.story}.`);
  const followed = await follow(client, breakage, brokenAt, (sentence) => tell(`${name} ${sentence}`), signal);
  return demoIncident(breakage, brokenAt, followed, temporalUiUrl);
}
