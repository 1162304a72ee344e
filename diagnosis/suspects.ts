import { type Evidence, type ModelServerEvidence, type PodSeen, servingWorkload } from '../incident/evidence.ts';
import { versionAt } from '../incident/model.ts';
import type { Suspect } from '../incident/suspect.ts';
import { isStarting } from './failing-pods.ts';
import { healthOf } from './health.ts';

/** What the failing pods of a target stand on, each once, by kind and then by name; nothing of pods that are well. */
export function suspectsOf(evidence: Evidence): readonly Suspect[] {
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
    ...(evidence.kind === 'InferenceService' && healthOf(evidence).kind !== 'recovered'
      ? [...named('modelVersion', [wantedVersion(evidence)]), ...named('registry', [unreadableRegistry(evidence)])]
      : []),
  ];
}

/** Of a run, only the pods that did not succeed: one that is done is not ready any more. */
function podsOf(evidence: Evidence): readonly PodSeen[] {
  if (evidence.kind === 'Job' || evidence.kind === 'CronJob') return evidence.pods.filter(({ phase }) => phase !== 'Succeeded');
  return servingWorkload(evidence)?.pods ?? [];
}

/** A pod without a node waits for one, whatever its image. */
function failingImages({ node, containers }: PodSeen): string[] {
  return node === null ? [] : containers.filter((one) => !one.ready && !isStarting(one)).map(({ image }) => image);
}

/** As `model/version`, or the address where the registry knows no version of it. */
function wantedVersion({ storageUri, registry }: ModelServerEvidence): string | null {
  if (storageUri === null || registry.kind !== 'read') return storageUri;
  const version = versionAt(registry.model, storageUri);
  return version === null ? storageUri : `${registry.model.name}/${version.version}`;
}

function unreadableRegistry({ registry }: ModelServerEvidence): string | null {
  return registry.kind === 'unreadable' ? 'the model registry' : null;
}
