import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { abortedBy, openDeadline } from './deadline.ts';

const ZONE = 'topology.kubernetes.io/zone';
const KEPT_MS_MAX = 60_000;
const ANSWER_MS_MAX = 5_000;

/** The zone of each node that has one. */
export type NodeZones = () => Promise<ReadonlyMap<string, string>>;

/** Reads the zones of all nodes, and keeps them for a minute; zones that cannot be read are none, since nothing is decided by them alone. */
export function nodeZones(config: KubeConfig): NodeZones {
  const core = config.makeApiClient(CoreV1Api);
  let kept: { readonly zones: ReadonlyMap<string, string>; readonly readAtMs: number } | null = null;
  return async () => {
    if (kept !== null && Date.now() - kept.readAtMs < KEPT_MS_MAX) return kept.zones;
    const deadline = openDeadline(ANSWER_MS_MAX);
    try {
      const { items } = await deadline.orLate(core.listNode({}, abortedBy(deadline)));
      const zones = new Map(items.flatMap(({ metadata }) => zoneOf(metadata?.name, metadata?.labels?.[ZONE])));
      kept = { zones, readAtMs: Date.now() };
      return zones;
    } catch {
      return new Map();
    } finally {
      deadline.end();
    }
  };
}

function zoneOf(node: string | undefined, zone: string | undefined): [string, string][] {
  return node && zone ? [[node, zone]] : [];
}
