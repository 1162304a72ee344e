import type { Cluster } from '../clients/cluster.ts';
import type { Change } from '../incident/change.ts';
import { type Context, QUIET_CONTEXT } from '../incident/context.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { QualityContext } from '../incident/quality.ts';
import type { Surroundings } from '../incident/surroundings.ts';
import { quietSurroundings } from './quiet-surroundings.ts';

/** How a target, and what stands around it, is at one time. */
export interface Scene {
  readonly evidence: Evidence;
  /** For its diagnosis; what is left out explains nothing. */
  readonly context?: Partial<Context>;
  /** Around a plan; what is left out keeps from nothing. */
  readonly surroundings?: Partial<Surroundings>;
  /** Around a complaint about data or predictions; what is left out cannot be read. */
  readonly quality?: Partial<QualityContext>;
}

/** What becomes of a target. */
export interface Script {
  /** @throws TargetGone when it does not exist. */
  now(): Scene;
  /** A change is about to be made. What it throws keeps it from being made. */
  before?(change: Change, key: string): void;
  /** A change was made. What it throws loses the answer. */
  onward(change: Change, key: string): void;
}

/** A cluster whose one target follows a script. A dry run is always accepted, and the same key changes nothing twice. */
export function scriptedCluster(script: Script): Cluster {
  const keys = new Set<string>();
  const context = async (): Promise<Context> => ({ ...QUIET_CONTEXT, ...script.now().context });
  const around = (change: Change): Surroundings => {
    const { evidence, surroundings } = script.now();
    return { ...quietSurroundings(evidence, change), ...surroundings };
  };
  return {
    observe: async () => script.now().evidence,
    readContext: context,
    readScaling: async () => (await context()).scaling,
    askGolden: async () => (await context()).golden,
    readQuality: async () => ({ ...UNTOLD_QUALITY, ...script.now().quality }),
    seeBeside: async () => ({ kind: 'recovered', seen: 'it is in place' }),
    readSurroundings: async (_target, { change }) => around(change),
    readBeside: async ({ change }) => around(change),
    async apply(_target, change, _bound, { key, dryRun, beforeWrite }) {
      if (dryRun) return 'applied';
      if (keys.has(key)) return 'alreadyApplied';
      script.before?.(change, key);
      await beforeWrite?.();
      keys.add(key);
      script.onward(change, key);
      return 'applied';
    },
    displacedPods: async () => [],
    topmostOwner: async () => ({ kind: 'Deployment', name: 'ranker' }),
    recordEvent: async () => undefined,
  };
}

const UNTOLD_QUALITY: QualityContext = {
  history: { kind: 'unreadable', what: 'what it served before', reason: 'the script does not tell' },
  upstream: { kind: 'read', value: [] },
  training: null,
  trend: null,
};
