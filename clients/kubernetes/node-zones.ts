import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { abortedBy, openDeadline } from './deadline.ts';

const ZONE = 'topology.kubernetes.io/zone';
const KEPT_MS_MAX = 60_000;
const ANSWER_MS_MAX = 5_000;

/** The zone of each node that has one. */
export type NodeZones = () => Promise<ReadonlyMap<string, string>>;

/**
 * Reads the zones of all nodes, and keeps them for a minute, since all incidents ask for them. Zones that cannot be read are none:
 * nothing is decided by them alone.
 */
export function nodeZones(config: KubeConfig): NodeZones {
  const core = config.makeApiClient(CoreV1Api);
  let kept: { readonly zones: ReturnType<NodeZones>; readonly askedAtMs: number } | null = null;
  return () => {
    if (kept !== null && performance.now() - kept.askedAtMs < KEPT_MS_MAX) return kept.zones;
    const zones = readZones(core).catch(() => {
      kept = null;
      return new Map();
    });
    kept = { zones, askedAtMs: performance.now() };
    return zones;
  };
}

async function readZones(core: CoreV1Api): ReturnType<NodeZones> {
  const deadline = openDeadline(ANSWER_MS_MAX);
  try {
    const { items } = await deadline.orLate(core.listNode({}, abortedBy(deadline)));
    return new Map(items.flatMap(({ metadata }) => zoneOf(metadata?.name, metadata?.labels?.[ZONE])));
  } finally {
    deadline.end();
  }
}

function zoneOf(node: string | undefined, zone: string | undefined): [string, string][] {
  return node && zone ? [[node, zone]] : [];
}
