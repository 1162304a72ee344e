import { z } from 'zod';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { type MlflowAccess, mlflowCall } from './mlflow-call.ts';
import { type ModelRegistry, RegistryRefused } from './model-registry.ts';

/** Tags on a model version. The first tells where a model server loads it from, when that is not its source. */
const STORAGE_URI = 'paramedic.storage_uri';
const STATUS = 'paramedic.status';
const QUARANTINED_BY = 'paramedic.quarantined_by';
const VALIDATION = 'validation_status';
/** A tag on the registered model itself: nobody of ours promotes a version of it meanwhile. */
const PROMOTION_FROZEN = 'paramedic.promotion-frozen';

const PAGE_SIZE = 200;
const PAGES_MAX = 50;
/** Addresses a model server's storage initializer can load; MLflow's own (`models:/`, `mlflow-artifacts:/`) are not among them. */
const LOADABLE = /^(s3|gs|hdfs|https?|pvc|oci|hf):\/\//;

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

/** MLflow's model registry, over its REST API of version 2.0. */
export function mlflowRegistry(access: MlflowAccess): ModelRegistry {
  const call = mlflowCall(access);

  async function readMarks(name: string): Promise<Pick<RegisteredModel, 'aliases' | 'promotionFreeze'> | null> {
    const answer = await call('GET', 'registered-models/get', { name });
    if (answer === null) return null;
    const { aliases, tags } = Registered.parse(answer).registered_model;
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
      const found = Found.parse(await call('GET', 'model-versions/search', query));
      versions.push(...found.model_versions.map(modelVersion));
      token = found.next_page_token || undefined;
      if (!token) return versions.sort((a, b) => Number(b.version) - Number(a.version));
    }
    throw new RegistryRefused(`Cannot read model "${name}": it has more than ${PAGES_MAX * PAGE_SIZE} versions.`);
  }

  async function readModel(name: string): Promise<RegisteredModel | null> {
    const marks = await readMarks(name);
    return marks && { name, ...marks, versions: await versionsOf(name) };
  }

  return {
    readModel,
    async confirm({ model, good, bad, lastKnownGoodAlias, servingAlias, incident }) {
      const registered = await readModel(model);
      if (!registered) throw new RegistryRefused(`Cannot confirm version ${good}: the registry knows no model "${model}".`);
      const { aliases, versions, promotionFreeze } = registered;
      const changed: string[] = [];
      const failed = versions.find(({ version }) => version === bad);
      if (failed && !failed.quarantined) {
        const tag = (key: string, value: string) =>
          call('POST', 'model-versions/set-tag', { name: model, version: failed.version, key, value });
        await tag(QUARANTINED_BY, incident);
        await tag(STATUS, 'quarantined');
        changed.push(`Version ${bad} of ${model} is quarantined.`);
      }
      const move = async (alias: string) => {
        // Back is no promotion.
        if (promotionFreeze !== null && !(Number(good) < Number(aliases[alias]))) {
          changed.push(`Alias ${alias} of ${model} is left as it is, since its promotions are frozen: ${promotionFreeze}`);
          return;
        }
        await call('POST', 'registered-models/alias', { name: model, alias, version: good });
        changed.push(`Alias ${alias} of ${model} is moved to version ${good}${aliases[alias] ? ` from ${aliases[alias]}` : ''}.`);
      };
      if (bad !== null && aliases[servingAlias] === bad) await move(servingAlias);
      if (aliases[lastKnownGoodAlias] === undefined) await move(lastKnownGoodAlias);
      return changed;
    },

    async markPromotions({ model, from, to }) {
      const marks = await readMarks(model);
      if (!marks) throw new RegistryRefused(`Cannot freeze or thaw promotions of "${model}": the registry knows no such model.`);
      if (marks.promotionFreeze === to) return 'alreadyApplied';
      if (marks.promotionFreeze !== from) return 'changed';
      if (to === null) await call('DELETE', 'registered-models/delete-tag', { name: model, key: PROMOTION_FROZEN });
      else await call('POST', 'registered-models/set-tag', { name: model, key: PROMOTION_FROZEN, value: to });
      return 'applied';
    },
  };
}

function modelVersion({ version, source, status, tags }: z.infer<typeof Version>): ModelVersion {
  const tag = (key: string) => tags.find((one) => one.key === key)?.value;
  return {
    version,
    storageUri: tag(STORAGE_URI) ?? (LOADABLE.test(source) ? source : null),
    complete: status === 'READY',
    validated: tag(VALIDATION) === 'passed',
    quarantined: tag(STATUS) === 'quarantined',
  };
}
