import { z } from 'zod';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { answered, type ClearmlAccess, type ClearmlCall, clearmlCall } from '../clearml-call.ts';
import { Refused } from '../failures.ts';
import type { Failure } from '../http/system-call.ts';
import { isLoadable } from './loadable.ts';
import type { ModelMark, ModelRegistry } from './model-registry.ts';

const PAGE_SIZE = 100;
const PAGES_MAX = 100;
/** ClearML has them in this version of its API; before, a model's tags are only replaced as a whole. */
const UPDATE_TAGS_FROM = '2.27';

const VALIDATED = 'validated';
const QUARANTINED = 'quarantined';
const QUARANTINED_BY = 'paramedic_quarantined_by';

const HOLDS_NO_FREEZE =
  "ClearML has no place for who froze a model's promotions and why: nothing stands for all of its versions. Hold them back where they are made.";

const READ = 'the right to read models';
const EDIT = 'the right to edit models';

const Model = z.object({
  id: z.string(),
  uri: z.string().nullish(),
  tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
  project: z.string().nullish(),
});
type Model = z.infer<typeof Model>;
const Models = z.object({ models: z.array(Model) });
const Edited = z.object({ updated: z.number().nullish() });

interface ClearmlRegistryOptions extends ClearmlAccess {
  /** Id of the project whose models are meant; null: any. */
  readonly project: string | null;
}

/** Models of ClearML. A model's versions are the models of one name, newest first, each by its id; a tag on one of them is an alias. */
export function clearmlRegistry({ project, ...access }: ClearmlRegistryOptions): ModelRegistry {
  const call = clearmlCall(access);

  /** Newest first, without those that are archived. @throws Refused where it cannot be told which project's are meant */
  async function readModels(name: string): Promise<readonly Model[]> {
    const models: Model[] = [];
    for (let page = 0; page < PAGES_MAX; page++) {
      const asked = {
        name: `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
        ...(project === null ? {} : { project: [project] }),
        system_tags: ['-archived'],
        only_fields: ['id', 'uri', 'tags', 'project'],
        order_by: ['-created'],
        page,
        page_size: PAGE_SIZE,
      };
      const answer = await call('models.get_all', asked, { needs: READ });
      const found = answered(Models, answer, `ClearML's list of the models "${name}"`).models;
      models.push(...found);
      if (found.length < PAGE_SIZE) return ofOneProject(name, models);
    }
    throw new Refused(`Cannot read model "${name}": it has more than ${PAGES_MAX * PAGE_SIZE} versions.`);
  }

  /** @throws Refused where there is no such version */
  async function versionOf(name: string, version: string): Promise<{ readonly one: Model; readonly all: readonly Model[] }> {
    const all = await readModels(name);
    const one = all.find(({ id }) => id === version);
    if (one === undefined) throw new Refused(`ClearML has no model "${name}" of id ${version}, or it is archived.`);
    return { one, all };
  }

  async function moveAlias(name: string, { alias, version }: Extract<ModelMark, { kind: 'alias' }>): Promise<void> {
    const { one, all } = await versionOf(name, version);
    const others = all.filter(({ id, tags }) => id !== version && tags.includes(alias));
    const underWay = one.tags.includes(alias) && others.every(isQuarantined);
    if (others.length > 1 || (one.tags.includes(alias) && !underWay)) throw new Refused(ambiguous(name, alias, all));
    // The new one first: whoever looks for the tag meanwhile finds a version, and a move that was cut short is told by the tag on both.
    if (!one.tags.includes(alias)) await setTags(call, one, { add: [alias], remove: [] });
    for (const other of others) await setTags(call, other, { add: [], remove: [alias] });
  }

  async function quarantine(name: string, version: string, by: string): Promise<void> {
    const { one } = await versionOf(name, version);
    if (isQuarantined(one)) return;
    const metadata = [{ key: QUARANTINED_BY, type: 'str', value: by }];
    await call('models.add_or_update_metadata', { model: one.id, metadata, replace_metadata: false }, { needs: EDIT });
    await setTags(call, one, { add: [QUARANTINED], remove: [] });
  }

  async function release(name: string, version: string): Promise<void> {
    const { one } = await versionOf(name, version);
    if (isQuarantined(one)) await setTags(call, one, { add: [], remove: [QUARANTINED] });
  }

  return {
    name: 'clearml',
    holdsNoFreeze: HOLDS_NO_FREEZE,

    async readModel(name) {
      const models = await readModels(name);
      if (models.length === 0) return null;
      return { registry: 'clearml', name, aliases: aliasesOf(models), versions: models.map(modelVersion), promotionFreeze: null };
    },

    async mark(name, mark) {
      switch (mark.kind) {
        case 'alias':
          return moveAlias(name, mark);
        case 'quarantined':
          return quarantine(name, mark.version, mark.by);
        case 'released':
          return release(name, mark.version);
        case 'promotionFreeze':
          throw new Refused(HOLDS_NO_FREEZE);
        default:
          return mark satisfies never;
      }
    },
  };
}

/** Changes the tags of one model; where the server is too old for that, all of them are written as they were read, with the change. */
async function setTags(
  call: ClearmlCall,
  { id, tags }: Model,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<void> {
  const changed = await call(
    'models.update_tags',
    { ids: [id], add_tags: add, remove_tags: remove },
    { needs: EDIT, version: UPDATE_TAGS_FROM, expects: isUnknownAction },
  );
  if (changed.kind === 'done') return;
  const kept = tags.filter((tag) => !remove.includes(tag));
  const answer = await call('models.edit', { model: id, tags: [...kept, ...add] }, { needs: EDIT });
  const { updated } = answered(Edited, answer, `ClearML's answer about model ${id}`);
  if (updated === 0) throw new Refused(`ClearML has no model of id ${id} any more.`);
}

/** 404 without a code of its own: no such action in this version; 400: no such version of the API. */
function isUnknownAction({ status, message }: Failure): boolean {
  return status === 404 || (status === 400 && /API version/i.test(message));
}

/** @throws Refused where models of the name are in several projects, for they may have nothing to do with each other */
function ofOneProject(name: string, models: readonly Model[]): readonly Model[] {
  const projects = [...new Set(models.map(({ project }) => project))];
  if (projects.length <= 1) return models;
  throw new Refused(
    `ClearML has models "${name}" in several projects (${projects.join(', ')}): set PARAMEDIC_CLEARML_PROJECT to one of them.`,
  );
}

function isQuarantined({ tags }: Model): boolean {
  return tags.includes(QUARANTINED);
}

function ambiguous(name: string, alias: string, models: readonly Model[]): string {
  const holders = models.filter(({ tags }) => tags.includes(alias)).map(({ id }) => id);
  return `Cannot move tag ${alias} of "${name}": it is on several models (${holders.join(', ')}); leave it on one of them.`;
}

/**
 * ClearML lets a tag be on several models; it is then no alias of any. But where one of two is quarantined, it is being moved away from
 * that, and has not left it yet.
 */
function aliasesOf(models: readonly Model[]): RegisteredModel['aliases'] {
  const tags = new Set(models.flatMap((model) => model.tags));
  return Object.fromEntries(
    [...tags].flatMap((tag) => {
      const holders = models.filter((model) => model.tags.includes(tag));
      const left = holders.filter(isQuarantined);
      const [one] = holders.length === 2 && left.length === 1 ? left : holders.length === 1 ? holders : [];
      return one === undefined || tag === VALIDATED || tag === QUARANTINED ? [] : [[tag, one.id]];
    }),
  );
}

function modelVersion(model: Model): ModelVersion {
  const { id, uri, tags } = model;
  return {
    version: id,
    storageUri: uri && isLoadable(uri) ? uri : null,
    complete: Boolean(uri),
    validated: tags.includes(VALIDATED),
    quarantined: isQuarantined(model),
  };
}
