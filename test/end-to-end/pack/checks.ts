import { faultOf as faultOfObject, type Judged as OfObjects } from '../../../drills/checks.ts';
import type { Check } from './schema.ts';

/** What a check is held against. */
export interface Judged extends OfObjects {
  readonly mlflowUrl: string;
}

/** The checks that do not hold, each as a sentence. */
export async function failingChecks(checks: readonly Check[], judged: Judged): Promise<string[]> {
  const answers = await Promise.all(checks.map((check) => faultOf(check, judged)));
  return answers.filter((answer) => answer !== null);
}

async function faultOf({ alias, tag, ...ofObjects }: Check, judged: Judged): Promise<string | null> {
  if (alias) return aliasFault(alias, judged.mlflowUrl);
  if (tag) return tagFault(tag, judged.mlflowUrl);
  return faultOfObject(ofObjects, judged);
}

async function aliasFault(wanted: NonNullable<Check['alias']>, mlflowUrl: string): Promise<string | null> {
  const query = new URLSearchParams({ name: wanted.model, alias: wanted.alias });
  const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/registered-models/alias?${query}`);
  const { model_version: found } = (await answer.json()) as { model_version?: { version: string } };
  const same = found?.version === wanted.version;
  return same ? null : `alias ${wanted.alias} of ${wanted.model} points at ${found?.version ?? 'nothing'}, not at ${wanted.version}`;
}

async function tagFault({ model, tag }: NonNullable<Check['tag']>, mlflowUrl: string): Promise<string | null> {
  const answer = await fetch(`${mlflowUrl}/api/2.0/mlflow/registered-models/get?${new URLSearchParams({ name: model })}`);
  const { registered_model: found } = (await answer.json()) as { registered_model?: { tags?: { key: string }[] } };
  return found?.tags?.some(({ key }) => key === tag) ? null : `model ${model} has no tag ${tag}`;
}
