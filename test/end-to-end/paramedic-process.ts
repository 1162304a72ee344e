import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Addresses } from '../../sandbox/addresses.ts';
import { spawnTied } from '../../sandbox/lifeline.ts';
import { COMPILED } from '../compiled.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** What it reads: the folder of runbooks, and the workflows bundled beforehand. */
interface Files {
  readonly runbooks: string;
  readonly workflows: string;
  /** The folder of drills; undefined: those that are shipped. */
  readonly drills?: string | undefined;
  /** Runbooks that observe act. */
  readonly actsToo: boolean;
}

/** Starts `paramedic up` against the sandbox as a process of its own that does not outlive this one, and waits until it takes alerts. */
export async function startParamedic(
  addresses: Addresses,
  folder: string,
  { runbooks, workflows, drills, actsToo }: Files,
): Promise<ChildProcess> {
  const log = openSync(join(folder, 'paramedic.log'), 'a');
  const child = spawnTied(process.execPath, [join(checkout, 'cli', 'paramedic.ts'), 'up', ...(actsToo ? ['--auto'] : []), '--no-watch'], {
    output: log,
    env: {
      PATH: process.env.PATH,
      ...COMPILED,
      KUBECONFIG: addresses.paramedicKubeconfigPath,
      TEMPORAL_ADDRESS: addresses.temporalAddress,
      PARAMEDIC_GATEWAY_PORT: String(addresses.gatewayPort),
      PARAMEDIC_GATEWAY_SECRET: addresses.gatewaySecret,
      PARAMEDIC_MLFLOW_URL: addresses.mlflowUrl,
      PARAMEDIC_PROMETHEUS_URL: addresses.prometheusUrl,
      PARAMEDIC_RUNBOOKS: runbooks,
      ...(drills === undefined ? {} : { PARAMEDIC_DRILLS: drills }),
      PARAMEDIC_WORKFLOW_BUNDLE: workflows,
      PARAMEDIC_AUDIT_LOG: join(folder, 'paramedic-audit.jsonl'),
    },
  });
  closeSync(log);
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`paramedic up exited with ${child.exitCode}; its log is ${folder}/paramedic.log.`);
    const ready = await fetch(`http://127.0.0.1:${addresses.gatewayPort}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return child;
    await sleep(200);
  }
  throw new Error(`paramedic up did not take alerts within 60 s; its log is ${folder}/paramedic.log.`);
}

/** Kills the process as a crash would, and returns when it is gone. */
export async function killParamedic(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
