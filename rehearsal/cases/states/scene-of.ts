import { TargetGone } from '../../../clients/failures.ts';
import { type Evidence, readyPods, servingWorkload } from '../../../incident/evidence.ts';
import type { Surroundings } from '../../../incident/surroundings.ts';
import { isPipelineKind, isWorkloadKind, type Target, targetText } from '../../../incident/target.ts';
import type { Scene } from '../../scripted-cluster.ts';
import { contextOf } from './around.ts';
import { modelServerOf } from './model-server.ts';
import { pipelineOf } from './pipeline.ts';
import { State } from './schema.ts';
import { workloadOf } from './workload.ts';

/** A state of which nothing is said: all is well. */
export const HEALTHY = State.parse({});

/** What is seen of a target in a state. @throws TargetGone */
export function sceneOf(target: Target, state: State, nowMs: number): Scene {
  if (state.gone) throw new TargetGone(`${targetText(target)} does not exist.`);
  const evidence = evidenceOf(target, state, nowMs);
  return { evidence, context: contextOf(target, state, evidence, nowMs), surroundings: surroundingsOf(state, evidence) };
}

function evidenceOf({ kind, name }: Target, state: State, nowMs: number): Evidence {
  if (isWorkloadKind(kind)) return workloadOf(kind, name, state);
  if (isPipelineKind(kind)) return pipelineOf(kind, name, state, nowMs);
  return { ...modelServerOf(name, state), kind };
}

function surroundingsOf({ optOut, managedBy, personAtWork }: State, evidence: Evidence): Partial<Surroundings> {
  const { uid, generation } = evidence;
  const workload = servingWorkload(evidence);
  const tool = managedBy === undefined ? null : { tool: managedBy, name: 'ml' };
  const object = {
    uid,
    generation,
    resourceVersion: String(generation),
    related: [],
    optOut: optOut ?? null,
    managedBy: tool,
    heldByPerson: null,
  };
  if (personAtWork === undefined) return { object: { kind: 'read', value: object } };
  const replicas = { wanted: workload?.replicasWanted ?? 0, ready: readyPods(evidence), readyTaken: 0, noRoom: null, personAtWork };
  return { object: { kind: 'read', value: object }, replicas: { kind: 'read', value: replicas } };
}
