import type { Difference } from '../../../incident/difference.ts';
import type { Release, WorkloadEvidence } from '../../../incident/evidence.ts';
import type { WorkloadKind } from '../../../incident/target.ts';
import { hashOf, podsOf } from './pods.ts';
import type { State } from './schema.ts';

const ONE_READY = [{ count: 1, node: 'node-1' }];

/** A workload as the words of a state say. @param usual what a release has otherwise than the one before, where nothing is said */
export function workloadOf(
  kind: WorkloadKind,
  name: string,
  { pods = ONE_READY, replicas, release, memory, ...state }: State,
  usual: Difference['what'] = 'image',
): WorkloadEvidence {
  const newest = release.revisions;
  const differs = release.differs ?? [usual];
  const imageOf = (revision: number) => (differs.includes('image') ? `${name}:${revision}` : `${name}:${newest}`);
  const seen = podsOf(pods, { name, newest, memoryLimitMi: memory.limitMi });
  const isWhole = release.revisions > 1;
  const quantity = (mi: number) => ({ main: { limit: `${mi}Mi`, request: null } });
  return {
    kind,
    uid: `uid-${name}`,
    generation: newest,
    observed: !state.rollingOut,
    replicasWanted: replicas ?? seen.length,
    replicasReady: seen.filter(({ ready }) => ready).length,
    replicasUpdated: seen.filter((pod) => pod.release === hashOf(newest)).length,
    paused: state.paused,
    rollout: { byHand: false, waitsForFailing: false, kept: 0 },
    releases: Array.from({ length: newest }, (_, index) => releaseOf(name, newest - index, imageOf(newest - index))),
    memory: quantity(memory.limitMi),
    memoryBefore: isWhole ? quantity(memory.limitBeforeMi ?? memory.limitMi) : {},
    pods: seen,
    overdue: [],
    differences: isWhole ? differs.map((what) => ({ what, text: differenceText(what, name, newest) })) : [],
    references: [],
    releaseAgeSeconds: release.ageSeconds,
    createFailure: state.createFailure ?? null,
    provedReady: false,
    progressStopped: null,
    served: null,
  };
}

function releaseOf(name: string, revision: number, image: string): Release {
  return { name: `${name}-${revision}`, uid: `uid-${name}-${revision}`, hash: hashOf(revision), revision, images: [image] };
}

function differenceText(what: string, name: string, newest: number): string {
  return what === 'image' ? `image of main: ${name}:${newest - 1} → ${name}:${newest}` : `${what} of main`;
}
