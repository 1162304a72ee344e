/** A version in MLflow's registry, and where its artifact is for a model server. */
export interface RegisteredVersion {
  readonly model: string;
  /** A number, as MLflow writes it. */
  readonly version: string;
  readonly storageUri: string;
}

/** The tag with the address a model server can load a version from; MLflow's own source is often one that only MLflow can. */
const STORAGE_URI_TAG = 'paramedic.storage_uri';

/** Registers a version that passed validation and is proven: aliases `production` and `last-known-good` point to it. */
export function registerGoodVersion(mlflowUrl: string, model: string): Promise<RegisteredVersion> {
  return registerVersion(mlflowUrl, model, { ending: '', proven: true, quarantined: false, serving: true });
}

/** Registers a newer version that no simulated node can load, and promotes it: alias `production` points to it. */
export function registerBrokenVersion(mlflowUrl: string, model: string): Promise<RegisteredVersion> {
  return registerVersion(mlflowUrl, model, { ending: '-broken', proven: false, quarantined: false, serving: true });
}

/** What a version is like, and what the registry says of it. */
interface VersionMade {
  /** Of its address. On simulated nodes `-broken` does not load, and `-missing` is not there to be fetched. */
  readonly ending: '' | '-broken' | '-missing';
  /** It passed its validation, and the alias `last-known-good` points to it. */
  readonly proven: boolean;
  readonly quarantined: boolean;
  /** The alias `production` points to it. */
  readonly serving: boolean;
}

/** Registers the next version of a model; the first makes the model, too. */
export async function registerVersion(mlflowUrl: string, model: string, made: VersionMade): Promise<RegisteredVersion> {
  const registered = await register(mlflowUrl, model, (number) => `s3://sandbox-models/${model}/${number}${made.ending}`);
  const tag = (key: string, value: string) =>
    ask(mlflowUrl, 'model-versions/set-tag', { name: model, version: registered.version, key, value });
  if (made.proven) await tag('validation_status', 'passed');
  if (made.proven) await point(mlflowUrl, 'last-known-good', registered);
  if (made.quarantined) await tag('paramedic.status', 'quarantined');
  if (made.serving) await point(mlflowUrl, 'production', registered);
  return registered;
}

async function register(mlflowUrl: string, model: string, uriOf: (number: number) => string): Promise<RegisteredVersion> {
  const byName = new URLSearchParams({ filter: `name='${model}'` });
  const { model_versions: known = [] } = await ask<{ model_versions?: unknown[] }>(mlflowUrl, `model-versions/search?${byName}`);
  if (known.length === 0) await ask(mlflowUrl, 'registered-models/create', { name: model });
  const storageUri = uriOf(known.length + 1);
  const tags = [{ key: STORAGE_URI_TAG, value: storageUri }];
  const { model_version: created } = await ask<{ model_version: { version: string } }>(mlflowUrl, 'model-versions/create', {
    name: model,
    source: storageUri,
    tags,
  });
  return { model, version: created.version, storageUri };
}

async function point(mlflowUrl: string, alias: string, { model, version }: RegisteredVersion): Promise<void> {
  await ask(mlflowUrl, 'registered-models/alias', { name: model, alias, version });
}

/** Reads, or with a body writes. */
async function ask<Answer>(mlflowUrl: string, path: string, body?: object): Promise<Answer> {
  const write = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/${path}`, body ? write : {});
  if (!answer.ok) throw new Error(`Cannot seed MLflow: ${path} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
