import { z } from 'zod';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { Refused } from '../failures.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { Failure } from '../http/system-call.ts';
import { isLoadable } from './loadable.ts';
import { type MlflowAccess, mlflowCall } from './mlflow-call.ts';
import type { ModelRegistry } from './model-registry.ts';

/** Tags on a model version. The first tells where a model server loads it from, when that is not its source. */
const STORAGE_URI = 'paramedic.storage_uri';
const STATUS = 'paramedic.status';
const QUARANTINED_BY = 'paramedic.quarantined_by';
const VALIDATION = 'validation_status';
/** A tag on the registered model itself: nobody of ours promotes a version of it meanwhile. */
const PROMOTION_FROZEN = 'paramedic.promotion-frozen';

const PAGE_SIZE = 200;
const PAGES_MAX = 50;

const tags = z.array(z.object({ key: z.string(), value: z.string() })).default([]);
const Version = z.object({ version: z.string(), source: z.string().default(''), status: z.string(), tags });
const Found = z.object({ model_versions: z.array(Version).default([]), next_page_token: z.string().optional() });
const Registered = z.object({
  registered_model: z.object({
    name: z.string(),
    aliases: z.array(z.object({ alias: z.string(), version: z.string() })).default([]),
    tags,
  }),
});

/** The permissions of MLflow's own authentication, on the registered model. */
const READ = 'READ on the registered model';
const EDIT = 'EDIT on the registered model';
const MANAGE = 'MANAGE on the registered model';

/** MLflow's model registry, over its REST API of version 2.0. */
export function mlflowRegistry(access: MlflowAccess): ModelRegistry {
  const call = mlflowCall(access);
  const write = async (method: 'POST' | 'DELETE', path: string, fields: Readonly<Record<string, string>>, needs = EDIT) => {
    await call(method, path, fields, { needs });
  };

  async function readMarks(name: string): Promise<Pick<RegisteredModel, 'aliases' | 'promotionFreeze'> | null> {
    const answer = await call('GET', 'registered-models/get', { name }, { needs: READ, expects: isMissing });
    if (answer.kind === 'failed') return null;
    const { aliases, tags } = readAnswer(Registered, answer.body, `MLflow's answer about model "${name}"`).registered_model;
    return {
      aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
      promotionFreeze: tags.find(({ key }) => key === PROMOTION_FROZEN)?.value || null,
    };
  }

  async function versionsOf(name: string): Promise<ModelVersion[]> {
    const versions: ModelVersion[] = [];
    let token: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const filter = `name='${name.replaceAll("'", "''")}'`;
      const query = { filter, order_by: 'version_number DESC', max_results: String(PAGE_SIZE), ...(token ? { page_token: token } : {}) };
      const answer = await call('GET', 'model-versions/search', query, { needs: READ });
      const found = readAnswer(Found, answer.kind === 'done' ? answer.body : null, `MLflow's list of the versions of "${name}"`);
      versions.push(...found.model_versions.map(modelVersion));
      token = found.next_page_token || undefined;
      if (!token) return versions.sort((a, b) => Number(b.version) - Number(a.version));
    }
    throw new Refused(`Cannot read model "${name}": it has more than ${PAGES_MAX * PAGE_SIZE} versions.`);
  }

  const tagVersion = (name: string, version: string, key: string, value: string) =>
    write('POST', 'model-versions/set-tag', { name, version, key, value });

  return {
    name: 'mlflow',

    async readModel(name) {
      const marks = await readMarks(name);
      return marks && { registry: 'mlflow', name, ...marks, versions: await versionsOf(name) };
    },

    async mark(name, mark) {
      switch (mark.kind) {
        case 'alias':
          return write('POST', 'registered-models/alias', { name, alias: mark.alias, version: mark.version });
        case 'quarantined':
          await tagVersion(name, mark.version, QUARANTINED_BY, mark.by);
          return tagVersion(name, mark.version, STATUS, 'quarantined');
        case 'released':
          return write('DELETE', 'model-versions/delete-tag', { name, version: mark.version, key: STATUS }, MANAGE);
        case 'promotionFreeze':
          return mark.to === null
            ? write('DELETE', 'registered-models/delete-tag', { name, key: PROMOTION_FROZEN })
            : write('POST', 'registered-models/set-tag', { name, key: PROMOTION_FROZEN, value: mark.to });
        default:
          return mark satisfies never;
      }
    },
  };
}

function isMissing({ status, code }: Failure): boolean {
  return status === 404 && code === 'RESOURCE_DOES_NOT_EXIST';
}

function modelVersion({ version, source, status, tags }: z.infer<typeof Version>): ModelVersion {
  const tag = (key: string) => tags.find((one) => one.key === key)?.value;
  return {
    version,
    storageUri: tag(STORAGE_URI) ?? (isLoadable(source) ? source : null),
    complete: status === 'READY',
    validated: tag(VALIDATION) === 'passed',
    quarantined: tag(STATUS) === 'quarantined',
  };
}
