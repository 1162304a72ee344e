import { googleFailure, NOT_FOUND } from '../google.ts';
import type { Recorded, Reply } from '../recorder.ts';
import type { HeldVersion, VertexDouble } from './held.ts';

/** The model registry: one version a page. */
export function answerModels(state: VertexDouble, { method, query, body }: Recorded, name: string, verb: string): Reply {
  const [id, wanted = 'default'] = name.split('@');
  if (id !== '7') return NOT_FOUND(`Model ${id}`);
  if (verb === 'listVersions') return listed(state, Number(query.pageToken ?? 0));
  const version = state.versions.find(({ versionId, versionAliases }) => versionId === wanted || versionAliases.includes(wanted));
  if (!version) return NOT_FOUND(`Version ${wanted} of model ${id}`);
  const sent = (body ?? {}) as Partial<HeldVersion>;
  if (verb === 'mergeVersionAliases') merge(state, version, sent.versionAliases ?? []);
  if (method !== 'PATCH') return { body: version };
  if (sent.etag !== undefined && sent.etag !== version.etag) return googleFailure(409, 'ABORTED', 'The etag does not match.');
  version.etag = `etag-${++state.changes}-${version.versionId}`;
  if (query.updateMask === 'labels') version.labels = sent.labels ?? {};
  // A description is the model's, and each of its versions tells it.
  if (query.updateMask === 'description') for (const one of state.versions) one.description = sent.description ?? '';
  return { body: version };
}

function listed({ versions }: VertexDouble, at: number): Reply {
  const more = at + 1 < versions.length ? { nextPageToken: String(at + 1) } : {};
  return { body: { models: versions.slice(at, at + 1), ...more } };
}

function merge({ versions }: VertexDouble, version: HeldVersion, aliases: readonly string[]): void {
  for (const alias of aliases) {
    for (const one of versions) one.versionAliases = one.versionAliases.filter((other) => other !== alias.replace(/^-/, ''));
    if (!alias.startsWith('-')) version.versionAliases = [...version.versionAliases, alias];
  }
}
