import type { ModelServerEvidence, RegistryEvidence } from '../../../incident/evidence.ts';
import type { ModelWords, State } from './schema.ts';
import { workloadOf } from './workload.ts';

/** An InferenceService as the words of a state say, serving one version well where they say nothing. */
export function modelServerOf(name: string, state: State): ModelServerEvidence {
  const model = state.model ?? WELL;
  const serving = model.serving === undefined ? model.wanted : model.serving;
  const workload = workloadOf('Deployment', name, state, 'environment');
  return {
    kind: 'InferenceService',
    uid: `uid-${name}`,
    generation: Math.max(1, model.versions.length - model.versions.findIndex(({ version }) => version === model.wanted)),
    ready: model.loads && workload.replicasReady > 0,
    served: {
      model: model.name,
      place: 'mlflow',
      addressing: '{uri}',
      wanted: addressOf(model, model.wanted),
      settings: {},
      serving: serving === null ? [] : [addressOf(model, serving)],
      registry: registryOf(model),
      golden: { kind: 'read', value: null },
      record: { kind: 'read', value: null },
    },
    loading: {
      transition: model.loads ? 'UpToDate' : 'BlockedByFailedLoad',
      wanted: model.loads ? 'Loaded' : 'FailedToLoad',
      failure: model.failure ?? null,
    },
    workload,
    traffic: null,
  };
}

const WELL: ModelWords = {
  name: 'churn',
  wanted: '1',
  versions: [{ version: '1', validated: true, quarantined: false, loads: true }],
  aliases: {},
  loads: true,
};

function addressOf({ name }: ModelWords, version: string): string {
  return `s3://models/${name}/${version}`;
}

function registryOf(model: ModelWords): RegistryEvidence {
  const versions = model.versions.map(({ version, validated, quarantined, loads }) => ({
    version,
    storageUri: loads ? addressOf(model, version) : null,
    complete: true,
    validated,
    quarantined,
  }));
  return {
    kind: 'read',
    model: { registry: 'mlflow', name: model.name, versions, aliases: model.aliases, promotionFreeze: null },
  };
}
