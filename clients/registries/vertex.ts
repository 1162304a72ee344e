import { z } from 'zod';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { Refused } from '../failures.ts';
import { isMissing } from '../google/failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { ModelMark, ModelRegistry } from './model-registry.ts';

/** Labels of a version. Their values are at most 63 small letters, digits, hyphens and underscores. */
const STATUS = 'paramedic-status';
const QUARANTINED_BY = 'paramedic-quarantined-by';
const VALIDATION = 'validation-status';
const LABEL_CHARACTERS_MAX = 63;

const PAGE_SIZE = 100;
const PAGES_MAX = 20;
const READ = 'aiplatform.models.get and aiplatform.models.list';
const WRITE = 'aiplatform.models.update';

const labels = z.record(z.string(), z.string()).default({});
const Version = z.object({
  versionId: z.string(),
  versionAliases: z.array(z.string()).default([]),
  artifactUri: z.string().default(''),
  labels,
});
type Version = z.infer<typeof Version>;
const Listed = z.object({ models: z.array(Version).default([]), nextPageToken: z.string().optional() });

/** Vertex AI's model registry. A model's name is its id there, a version's the number that it has. */
export function vertexRegistry(access: GoogleAccess): ModelRegistry {
  const call = googleCall('Vertex AI', access);
  const pathOf = (model: string) => `${locationOf(access)}/models/${encodeURIComponent(model)}`;

  async function versionsOf(model: string): Promise<Version[] | null> {
    const versions: Version[] = [];
    let pageToken = '';
    for (let page = 0; page < PAGES_MAX; page++) {
      const query = { pageSize: String(PAGE_SIZE), ...(pageToken ? { pageToken } : {}) };
      const answer = await call({ method: 'GET', path: `${pathOf(model)}:listVersions`, query, needs: READ, expects: isMissing });
      if (answer.kind === 'failed') return null;
      const listed = readAnswer(Listed, answer.body, `Vertex AI's list of the versions of model "${model}"`);
      versions.push(...listed.models);
      pageToken = listed.nextPageToken ?? '';
      if (pageToken === '') return versions.sort((a, b) => Number(b.versionId) - Number(a.versionId));
    }
    throw new Refused(`Cannot read model "${model}": it has more than ${PAGES_MAX * PAGE_SIZE} versions.`);
  }

  /** Labels are replaced as a whole, so that they are read first. */
  async function label(model: string, version: string, change: (before: Readonly<Record<string, string>>) => Record<string, string>) {
    const path = `${pathOf(model)}@${encodeURIComponent(version)}`;
    const answer = await call({ method: 'GET', path, needs: READ });
    const read = readAnswer(
      Version,
      answer.kind === 'done' ? answer.body : null,
      `Vertex AI's answer about version ${version} of "${model}"`,
    );
    await call({ method: 'PATCH', path, query: { updateMask: 'labels' }, body: { labels: change(read.labels) }, needs: WRITE });
  }

  async function mark(model: string, mark: ModelMark): Promise<void> {
    switch (mark.kind) {
      case 'alias': {
        const path = `${pathOf(model)}@${encodeURIComponent(mark.version)}:mergeVersionAliases`;
        await call({ method: 'POST', path, body: { versionAliases: [mark.alias] }, needs: WRITE });
        return;
      }
      case 'quarantined':
        return label(model, mark.version, (before) => ({ ...before, [STATUS]: 'quarantined', [QUARANTINED_BY]: labelText(mark.by) }));
      case 'released':
        return label(model, mark.version, ({ [STATUS]: _status, [QUARANTINED_BY]: _by, ...others }) => others);
      case 'promotionFreeze':
        throw new Refused(
          `Vertex AI has no place on model "${model}" for who froze its promotions and why; freeze them where they are made.`,
        );
      default:
        return mark satisfies never;
    }
  }

  return {
    name: 'vertex',
    async readModel(model): Promise<RegisteredModel | null> {
      const versions = await versionsOf(model);
      if (versions === null) return null;
      const aliases = Object.fromEntries(
        versions.flatMap(({ versionId, versionAliases }) => versionAliases.map((alias) => [alias, versionId])),
      );
      return { registry: 'vertex', name: model, versions: versions.map(modelVersion), aliases, promotionFreeze: null };
    },
    mark,
  };
}

function modelVersion({ versionId, artifactUri, labels }: Version): ModelVersion {
  return {
    version: versionId,
    storageUri: artifactUri || null,
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
