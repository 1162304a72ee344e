import { type Evidence, isRun, type PodSeen, type ServedModel, servedModel, servingWorkload } from '../incident/evidence.ts';
import { versionAt } from '../incident/model.ts';
import type { Suspect } from '../incident/suspect.ts';
import { isStarting } from './failing-pods.ts';
import { healthOf } from './health.ts';

/** What the failing pods of a target stand on, each once, by kind and then by name; nothing of pods that are well. */
export function suspectsOf(evidence: Evidence): readonly Suspect[] {
  const served = servedModel(evidence);
  const failing = podsOf(evidence).filter((pod) => !pod.ready);
  const named = (kind: Suspect['kind'], names: readonly (string | null)[]): Suspect[] =>
    [...new Set(names.filter((name) => name !== null))].sort().map((name) => ({ kind, name }));
  return [
    ...named(
      'node',
      failing.map(({ node }) => node),
    ),
    ...named(
      'zone',
      failing.map(({ zone }) => zone),
    ),
    ...named('image', failing.flatMap(failingImages)),
    ...(served && healthOf(evidence).kind !== 'recovered'
      ? [...named('modelVersion', [wantedVersion(served)]), ...named('registry', [unreadableRegistry(served)])]
      : []),
  ];
}

/** Of a run, only the pods that did not succeed: one that is done is not ready any more. */
function podsOf(evidence: Evidence): readonly PodSeen[] {
  if (isRun(evidence)) return evidence.pods.filter(({ phase }) => phase !== 'Succeeded');
  return servingWorkload(evidence)?.pods ?? [];
}

/** A pod without a node waits for one, whatever its image. */
function failingImages({ node, containers }: PodSeen): string[] {
  return node === null ? [] : containers.filter((one) => !one.ready && !isStarting(one)).map(({ image }) => image);
}

/** As `model/version`, or the address where the registry knows no version of it. */
function wantedVersion({ wanted, registry, addressing }: ServedModel): string | null {
  if (wanted === null || registry.kind !== 'read') return wanted;
  const version = versionAt(registry.model, wanted, addressing);
  return version === null ? wanted : `${registry.model.name}/${version.version}`;
}

function unreadableRegistry({ registry }: ServedModel): string | null {
  return registry.kind === 'unreadable' ? 'the model registry' : null;
}
