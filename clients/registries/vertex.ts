import { z } from 'zod';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { Refused } from '../failures.ts';
import { isConflict, isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import { listAll } from '../google/pages.ts';
import { readAnswer } from '../http/read-answer.ts';
import { isLoadable } from './loadable.ts';
import type { ModelMark, ModelRegistry } from './model-registry.ts';

/** Labels of a version. Their values are at most 63 small letters, digits, hyphens and underscores. */
const STATUS = 'paramedic-status';
const QUARANTINED_BY = 'paramedic-quarantined-by';
const VALIDATION = 'validation-status';
const LABEL_CHARACTERS_MAX = 63;
/** The last line of a model's description: nobody of ours promotes a version of it meanwhile. No label has room for who says so and why. */
const FREEZE = /\n*^Promotions frozen, says Paramedic: (.*)$/m;

const PAGE_SIZE = 100;
const READ = 'aiplatform.models.get and aiplatform.models.list';
const WRITE = 'aiplatform.models.update';

const labels = z.record(z.string(), z.string()).default({});
const Version = z.object({
  versionId: z.string(),
  versionAliases: z.array(z.string()).default([]),
  artifactUri: z.string().default(''),
  description: z.string().default(''),
  etag: z.string().default(''),
  labels,
});
type Version = z.infer<typeof Version>;
const page = z.object({ models: z.array(Version).default([]) }).transform(({ models }) => models);

/** Vertex AI's model registry. A model's name is its id there, a version's the number that it has. */
export function vertexRegistry(access: GoogleAccess): ModelRegistry {
  const call = googleCall('Vertex AI', access);
  const pathOf = (model: string, version?: string) =>
    `${locationOf(access)}/models/${encodeURIComponent(model)}${version === undefined ? '' : `@${encodeURIComponent(version)}`}`;

  /** @param version undefined: the model itself, as its default version tells it */
  async function read(model: string, version?: string): Promise<Version> {
    const answer = await call({ method: 'GET', path: pathOf(model, version), needs: READ, expects: isMissing });
    const text = version === undefined ? `model "${model}"` : `version ${version} of model "${model}"`;
    if (answer.kind === 'failed') throw new Refused(`Vertex AI's registry has no ${text}.`);
    return readAnswer(Version, answer.body, `Vertex AI's answer about ${text}`);
  }

  /** What somebody else changed since it was read is not written over: the mark is written anew, from what is there then. */
  async function patch(path: string, field: 'labels' | 'description', value: unknown, etag: string): Promise<void> {
    const body = { [field]: value, etag };
    const answer = await call({ method: 'PATCH', path, query: { updateMask: field }, body, needs: WRITE, expects: isConflict });
    if (answer.kind === 'failed') throw new Error(`${path} was changed in Vertex AI's registry in the same moment: ${answer.message}`);
  }

  /** Labels are replaced as a whole. */
  async function label(model: string, version: string, change: Readonly<Record<string, string | null>>): Promise<void> {
    const before = await read(model, version);
    if (Object.entries(change).every(([key, value]) => (before.labels[key] ?? null) === value)) return;
    const after = Object.entries({ ...before.labels, ...change }).filter(([, value]) => value !== null);
    await patch(pathOf(model, version), 'labels', Object.fromEntries(after), before.etag);
  }

  async function freeze(model: string, to: string | null): Promise<void> {
    const { description, etag } = await read(model);
    if (freezeIn(description) === to) return;
    const lines = [description.replace(FREEZE, ''), to === null ? '' : `Promotions frozen, says Paramedic: ${to}`];
    await patch(pathOf(model), 'description', lines.filter(Boolean).join('\n'), etag);
  }

  async function mark(model: string, mark: ModelMark): Promise<void> {
    switch (mark.kind) {
      case 'alias': {
        if ((await read(model, mark.version)).versionAliases.includes(mark.alias)) return;
        const path = `${pathOf(model, mark.version)}:mergeVersionAliases`;
        await call({ method: 'POST', path, body: { versionAliases: [mark.alias] }, needs: WRITE });
        return;
      }
      case 'quarantined':
        return label(model, mark.version, { [STATUS]: 'quarantined', [QUARANTINED_BY]: labelText(mark.by) });
      case 'released':
        return label(model, mark.version, { [STATUS]: null, [QUARANTINED_BY]: null });
      case 'promotionFreeze':
        return freeze(model, mark.to);
      default:
        return mark satisfies never;
    }
  }

  return {
    name: 'vertex',
    async readModel(model): Promise<RegisteredModel | null> {
      const found = await listAll(call, {
        path: `${pathOf(model)}:listVersions`,
        query: { pageSize: String(PAGE_SIZE) },
        needs: READ,
        page,
        what: `Vertex AI's list of the versions of model "${model}"`,
      });
      const versions = found.toSorted((a, b) => Number(b.versionId) - Number(a.versionId));
      if (versions[0] === undefined) return null;
      const aliases = Object.fromEntries(
        versions.flatMap(({ versionId, versionAliases }) => versionAliases.map((alias) => [alias, versionId])),
      );
      const promotionFreeze = freezeIn(versions[0].description);
      return { registry: 'vertex', name: model, versions: versions.map(modelVersion), aliases, promotionFreeze };
    },
    mark,
  };
}

function freezeIn(description: string): string | null {
  return FREEZE.exec(description)?.[1] ?? null;
}

function modelVersion({ versionId, artifactUri, labels }: Version): ModelVersion {
  return {
    version: versionId,
    storageUri: isLoadable(artifactUri) ? artifactUri : null,
    // What is listed has been uploaded: until then there is an operation, and no version.
    complete: true,
    validated: labels[VALIDATION] === 'passed',
    quarantined: labels[STATUS] === 'quarantined',
  };
}

function labelText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-')
    .slice(0, LABEL_CHARACTERS_MAX);
}
