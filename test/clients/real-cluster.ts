import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { PartName } from '../../sandbox/parts/part.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { bringUpOnly } from '../sandbox/bring-up-only.ts';

/** A real API server with its controllers and simulated nodes, for one test file. */
export interface RealCluster {
  readonly sandbox: Sandbox;
  readonly admin: KubeConfig;
  /** What a client of ours may read and write is what Paramedic's own ServiceAccount may. */
  readonly ours: KubeConfig;
  leave(): Promise<void>;
}

const KUBERNETES: readonly PartName[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'];

/** @param parts what is needed beside Kubernetes itself; each takes seconds to start, and KServe's definitions the API server most of all */
export async function openRealCluster(...parts: readonly PartName[]): Promise<RealCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'paramedic-'));
  const sandbox = await bringUpOnly([...KUBERNETES, ...parts], dataDir);
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
