import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { PartName } from '../../sandbox/parts/part.ts';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';

/** A real API server with its controllers and simulated nodes, for one test file. */
export interface RealCluster {
  readonly sandbox: Sandbox;
  readonly admin: KubeConfig;
  /** What a client of ours may read and write is what Paramedic's own ServiceAccount may. */
  readonly ours: KubeConfig;
  leave(): Promise<void>;
}

/** What these tests need nothing of, and what takes long to start. */
const NEEDLESS: readonly PartName[] = ['temporal', 'mlflow', 'alertmanager'];

/**
 * @param without parts to do without
 * @param include optional parts that are needed
 */
export async function openRealCluster({
  without = NEEDLESS,
  include = [],
}: {
  readonly without?: readonly PartName[];
  readonly include?: readonly PartName[];
} = {}): Promise<RealCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'paramedic-'));
  const sandbox = await bringUp({ dataDir, without, include, progress: (line) => process.stderr.write(`${line}\n`) });
  return {
    sandbox,
    admin: configOf(sandbox.addresses.kubeconfigPath),
    ours: configOf(sandbox.addresses.paramedicKubeconfigPath),
    async leave() {
      await sandbox.down();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A configuration of its own, which the test may change. */
export function configOf(path: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(path);
  return config;
}
