import type { Cluster } from '../clients/cluster.ts';
import { TargetChanged } from '../clients/failures.ts';
import type { ModelMark, ModelRegistry, Registries } from '../clients/registries/model-registry.ts';
import { type Change, changeText } from '../incident/change.ts';
import { type Context, QUIET_CONTEXT } from '../incident/context.ts';
import { type Evidence, readyPods, servingWorkload } from '../incident/evidence.ts';
import type { RegisteredModel } from '../incident/model.ts';
import type { QualityContext } from '../incident/quality.ts';
import type { Surroundings } from '../incident/surroundings.ts';
import { registeredModel } from './evidence.ts';
import { quietQuality } from './quality-evidence.ts';

/** What goes wrong between the script and the one who acts on it. */
export interface Mishaps {
  /** The first act is done, and its answer is lost. */
  readonly loseFirstAnswer?: boolean;
  /** The target changes between the plan and the first act. */
  readonly changesBeforeFirstAct?: boolean;
  /** Undoing finds that somebody changed the target. */
  readonly undoIsTooLate?: boolean;
  /** What stands around the plan; where nothing is said, nothing keeps from acting. */
  readonly surroundings?: Partial<Surroundings>;
  /** What stands around the target for its diagnosis, one state onward at each act as the target itself; nothing where nothing is said. */
  readonly contexts?: readonly Partial<Context>[];
  /** What stands around a complaint about data or predictions. */
  readonly quality?: Partial<QualityContext>;
}

/** A cluster whose target follows a script: one state onward at each act, the last state staying. */
export function scriptedCluster(
  states: readonly Evidence[],
  { loseFirstAnswer, undoIsTooLate, changesBeforeFirstAct, surroundings = {}, contexts = [], quality = {} }: Mishaps = {},
): Cluster & { acts: string[] } {
  const acts: string[] = [];
  const keys = new Set<string>();
  let tries = 0;
  const state = () => states[Math.min(acts.length, states.length - 1)] as Evidence;
  const context = (): Context => ({ ...QUIET_CONTEXT, ...contexts[Math.min(acts.length, contexts.length - 1)] });
  return {
    acts,
    observe: async () => state(),
    readContext: async () => context(),
    readScaling: async () => context().scaling,
    askGolden: async () => context().golden,
    readQuality: async () => quietQuality(quality),
    seeBeside: async () => ({ kind: 'recovered', seen: 'it is in place' }),
    readSurroundings: async (_target, { change }) => ({ ...quietSurroundings(state(), change), ...surroundings }),
    readBeside: async ({ change }) => ({ ...quietSurroundings(state(), change), ...surroundings }),
    async apply(_target, change, _bound, { key, dryRun, beforeWrite }) {
      if (dryRun) return 'applied';
      if (keys.has(key)) return 'alreadyApplied';
      if (changesBeforeFirstAct && tries++ === 0) throw new TargetChanged('A person scaled it.');
      await beforeWrite?.();
      if (undoIsTooLate && key.endsWith('/undo')) throw new TargetChanged('Somebody changed it.');
      keys.add(key);
      const { before, after } = changeText(change);
      acts.push(`${before} → ${after}`);
      if (loseFirstAnswer && acts.length === 1) throw new Error('The connection was reset after the request was sent.');
      return 'applied';
    },
    displacedPods: async () => [],
    topmostOwner: async () => ({ kind: 'Deployment', name: 'ranker' }),
    recordEvent: async () => undefined,
  };
}

/** Surroundings in which nothing keeps from acting, for a target as the evidence shows it. */
export function quietSurroundings(evidence: Evidence, change: Change): Surroundings {
  const { uid, generation } = evidence;
  const workload = servingWorkload(evidence);
  const now = Date.now();
  const ready = readyPods(evidence);
  const read = <T>(value: T) => ({ kind: 'read' as const, value });
  const taken = workload?.pods.find((pod) => change.kind === 'pod' && pod.uid === change.uid && pod.ready);
  return {
    readAtMs: now,
    apiServerMs: read(now),
    object: read({ uid, generation, resourceVersion: String(generation), related: [], optOut: null, managedBy: null, heldByPerson: null }),
    namespace: read({ optOut: null, isTerminating: false, workloads: 10 }),
    nodes: read({ total: 3, ready: 3, openAfter: 2 }),
    replicas: read({
      wanted: workload?.replicasWanted ?? 0,
      ready,
      readyTaken: change.kind === 'pod' ? Number(taken !== undefined) : 0,
      noRoom: null,
      personAtWork: null,
    }),
    metrics: null,
    registry: change.kind === 'modelVersion' || change.kind === 'promotions' ? read(true as const) : null,
  };
}

/** A registry that holds one model and writes down every mark it is given. */
export function scriptedRegistry(model: RegisteredModel = registeredModel()): ModelRegistry & {
  readonly marks: string[];
  quarantinedBy: string | null;
} {
  return {
    name: model.registry,
    marks: [],
    quarantinedBy: null,
    readModel: async (name) => (name === model.name ? model : null),
    async mark(name, mark) {
      this.marks.push(`${name} ${markText(mark)}`);
      if (mark.kind === 'quarantined') this.quarantinedBy = mark.by;
    },
  };
}

/** The registries of a worker that knows this one alone. */
export function only(registry: ModelRegistry): Registries {
  return new Map([[registry.name, registry]]);
}

function markText(mark: ModelMark): string {
  switch (mark.kind) {
    case 'alias':
      return `alias ${mark.alias} at ${mark.version}`;
    case 'promotionFreeze':
      return mark.to === null ? 'promotions free' : `promotions frozen (${mark.to})`;
    default:
      return `version ${mark.version} ${mark.kind}`;
  }
}
