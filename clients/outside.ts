import { changeText } from '../incident/change.ts';
import { type Context, QUIET_CONTEXT } from '../incident/context.ts';
import { readyPods } from '../incident/evidence.ts';
import type { Reading } from '../incident/reading.ts';
import type { ObjectState, ReplicasState, Surroundings } from '../incident/surroundings.ts';
import { isOutsideKind, type OutsideKind, type Target, targetText } from '../incident/target.ts';
import type { Cluster, Named, PipelineClient, TargetClient } from './cluster.ts';
import { Refused } from './failures.ts';
import type { GoldenAsker } from './serving/ask-pods.ts';
import { goldenReader } from './serving/golden-reader.ts';

/** What is said of a target that is no object of Kubernetes, beside what is seen of it. */
interface Outside {
  /** The word for its system that stands where others have a namespace. */
  readonly namespace: string;
  /**
   * What it is a run of, or itself; null when it does not exist.
   * @throws when its system cannot be asked
   */
  topmost(name: string): Promise<Named | null>;
  /**
   * The names of all there are of it. Absent: they cannot be listed.
   * @throws when its system cannot be asked
   */
  list?(): Promise<readonly string[]>;
  /** What its owners wrote to keep Paramedic off it, such as a tag; null where they did not. */
  optOut(target: Target): Promise<string | null>;
}

/** Sees and changes one kind of target outside of Kubernetes. */
export type OutsideClient = Outside &
  (({ readonly is: 'server'; readonly ask?: GoldenAsker } & TargetClient) | ({ readonly is: 'pipeline' } & PipelineClient));

/** By kind; those of systems that are not configured are absent. */
export type OutsideClients = ReadonlyMap<OutsideKind, OutsideClient>;

/** A cluster that knows the targets outside of it, too. */
export function withOutside(cluster: Cluster, clients: OutsideClients): Cluster {
  const of = (kind: OutsideKind): OutsideClient => {
    const client = clients.get(kind);
    if (client === undefined) throw new Refused(`Cannot reach a target of kind ${kind}: its system is not configured; see docs/systems.`);
    return client;
  };

  return {
    ...cluster,
    observe: async (target) => (isOutsideKind(target.kind) ? of(target.kind).observe(target) : cluster.observe(target)),
    async apply(target, change, bound, options) {
      if (!isOutsideKind(target.kind) || change.kind === 'promotions') return cluster.apply(target, change, bound, options);
      const client = of(target.kind);
      if (client.is === 'server' && change.kind === 'modelVersion') return client.apply(target, change, bound, options);
      if (client.is === 'pipeline' && (change.kind === 'furtherRun' || change.kind === 'sameRun'))
        return client.retry(target, change, bound, options);
      if (client.is === 'pipeline' && change.kind === 'schedule') return client.pause(target, change, bound, options);
      throw new Refused(`A ${target.kind} cannot be changed so: ${changeText(change).after}.`);
    },
    readContext: async (target, evidence) => (isOutsideKind(target.kind) ? QUIET_CONTEXT : cluster.readContext(target, evidence)),
    readScaling: async (target, evidence) => (isOutsideKind(target.kind) ? QUIET_CONTEXT.scaling : cluster.readScaling(target, evidence)),
    async askGolden(target, evidence, golden) {
      if (!isOutsideKind(target.kind)) return cluster.askGolden(target, evidence, golden);
      const client = of(target.kind);
      if (client.is !== 'server' || !client.ask) return QUIET_CONTEXT.golden;
      const answers = await goldenReader(client.ask)(target, evidence, golden);
      return answers.kind === 'read' && answers.value === null ? UNASKED : answers;
    },
    async topmostOwner(namespace, kind, name) {
      if (!isOutsideKind(kind)) return cluster.topmostOwner(namespace, kind, name);
      const client = clients.get(kind);
      const topmost = client === undefined ? null : await client.topmost(name);
      return client === undefined || topmost === null ? null : { ...topmost, namespace: client.namespace };
    },
    // There is no object in Kubernetes that an Event could be about.
    recordEvent: async (target, reason, message) => (isOutsideKind(target.kind) ? undefined : cluster.recordEvent(target, reason, message)),
    async readSurroundings(target, plan) {
      if (!isOutsideKind(target.kind)) return cluster.readSurroundings(target, plan);
      const client = of(target.kind);
      const [around, own] = await Promise.all([cluster.readBeside(plan), ownState(client, target)]);
      return { ...around, ...own, namespace: { kind: 'read', value: { optOut: null, isTerminating: false, workloads: 1 } } };
    },
  };
}

/** Nobody sees the pods of a hosted server: only what it answers tells whether it serves. */
const UNASKED: Context['golden'] = {
  kind: 'unreadable',
  what: 'what it answers',
  reason: 'neither it nor its runbook (model.golden) has a golden request, and without one a hosted server cannot be seen to serve',
};

/** Itself and what answers of it. */
async function ownState(client: OutsideClient, target: Target): Promise<Pick<Surroundings, 'object' | 'replicas'>> {
  try {
    const [evidence, optOut] = await Promise.all([client.observe(target), client.optOut(target)]);
    const { uid, generation } = evidence;
    const state = { uid, generation, resourceVersion: String(generation), related: [], optOut, managedBy: null, heldByPerson: null };
    const ready = readyPods(evidence);
    return {
      object: { kind: 'read', value: state },
      replicas: { kind: 'read', value: { wanted: ready, ready, readyTaken: 0, noRoom: null, personAtWork: null } },
    };
  } catch (error) {
    const unreadable = { kind: 'unreadable' as const, what: targetText(target), reason: (error as Error).message };
    return { object: unreadable satisfies Reading<ObjectState>, replicas: unreadable satisfies Reading<ReplicasState> };
  }
}
