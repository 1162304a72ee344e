import { z } from 'zod';
import type { ModelVersion, RegisteredModel } from '../../incident/model.ts';
import { Refused } from '../failures.ts';
import { readAnswer } from '../http/read-answer.ts';
import type { ModelMark, ModelRegistry } from './model-registry.ts';
import { type WandbAccess, wandbCall } from './wandb-call.ts';
import { ADD_ALIASES, DELETE_ALIASES, UPDATE_ARTIFACT, VERSIONS } from './wandb-documents.ts';

const PAGE_SIZE = 100;
const PAGES_MAX = 100;
/** W&B keeps a registry in a project of the organisation's own entity. */
const REGISTRY_PROJECT = 'wandb-registry-';
/** The key of an artifact's metadata that tells where a model server loads it from: W&B's own address means nothing to one. */
const STORAGE_URI = 'storage_uri';
/** A tag on the artifact, or the alias `<mark>-v<N>` where whoever reads the registry may not write to the project the artifact is from. */
const VALIDATED = 'validated';
const QUARANTINED = 'quarantined';
/** W&B's own aliases for versions. */
const VERSION_ALIAS = /^v\d+$/;

const HOLDS_NO_FREEZE =
  "W&B has no place for who froze a model's promotions and why. Protect its serving alias in the registry's settings instead.";

const READ = 'viewer of the registry';
const MOVE_ALIASES = 'member of the registry, and admin of it for a protected alias,';
const TAG = 'write access to the project that the artifact was logged to';

const Membership = z.object({
  versionIndex: z.number(),
  aliases: z.array(z.object({ alias: z.string() })),
  artifact: z.object({
    id: z.string(),
    state: z.string(),
    metadata: z.string().nullish(),
    tags: z.array(z.object({ name: z.string() })).default([]),
  }),
});
const Versions = z.object({
  organization: z
    .object({
      orgEntity: z.object({
        name: z.string(),
        artifactMemberships: z.object({
          pageInfo: z.object({ endCursor: z.string().nullish(), hasNextPage: z.boolean() }),
          edges: z.array(z.object({ node: Membership.nullish() })),
        }),
      }),
    })
    .nullish(),
});
const Metadata = z.looseObject({ [STORAGE_URI]: z.string().optional() });
const Done = z.object({ result: z.object({ success: z.literal(true, 'must be true') }) });

/** A collection of the registry as it was read. */
interface Collection {
  /** The entity that the registry's project is in. */
  readonly entity: string;
  readonly linked: readonly z.infer<typeof Membership>[];
}

/** A registry of W&B, over its GraphQL API. A model is a collection of it, a version what is linked into that, such as `v7`. */
export function wandbRegistry(access: WandbAccess): ModelRegistry {
  const { organization, registry } = access;
  const call = wandbCall(access);
  const project = `${REGISTRY_PROJECT}${registry}`;

  async function readCollection(name: string): Promise<Collection> {
    const filters = { registryFilter: JSON.stringify({ name: project }), collectionFilter: JSON.stringify({ name }) };
    const linked: z.infer<typeof Membership>[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PAGES_MAX; page++) {
      const answer = await call(VERSIONS, { organization, ...filters, cursor, perPage: PAGE_SIZE }, { needs: READ });
      const data = answer.kind === 'done' ? answer.data : null;
      const read: z.infer<typeof Versions> = readAnswer(Versions, data, `W&B's list of the versions of "${name}"`);
      if (!read.organization)
        throw new Refused(
          `W&B shows us no organization "${organization}": check PARAMEDIC_WANDB_ORGANIZATION, and that the key's user is in it.`,
        );
      const { name: entity, artifactMemberships } = read.organization.orgEntity;
      linked.push(...artifactMemberships.edges.flatMap(({ node }) => node ?? []));
      cursor = artifactMemberships.pageInfo.endCursor ?? null;
      if (!artifactMemberships.pageInfo.hasNextPage) return { entity, linked: linked.sort((a, b) => b.versionIndex - a.versionIndex) };
    }
    throw new Refused(`Cannot read model "${name}": it has more than ${PAGES_MAX * PAGE_SIZE} versions.`);
  }

  /** @throws Refused where the collection has no such version */
  async function versionOf(name: string, version: string) {
    const { entity, linked } = await readCollection(name);
    const one = linked.find(({ versionIndex }) => versionName(versionIndex) === version);
    if (one === undefined) throw new Refused(`W&B's registry "${registry}" lists no version ${version} of model "${name}".`);
    const setAlias = async (document: string, alias: string) => {
      const aliases = [{ entityName: entity, projectName: project, artifactCollectionName: name, alias }];
      const answer = await call(document, { input: { artifactID: one.artifact.id, aliases } }, { needs: MOVE_ALIASES });
      readAnswer(Done, answer.kind === 'done' ? answer.data : null, `W&B's answer about alias ${alias} of "${name}"`);
    };
    const setTag = (change: Readonly<Record<string, unknown>>, mayBeDenied: boolean) =>
      call(UPDATE_ARTIFACT, { input: { artifactID: one.artifact.id, ...change } }, { needs: TAG, mayBeDenied });
    return { one, setAlias, setTag };
  }

  async function quarantine(name: string, version: string): Promise<void> {
    const { one, setAlias, setTag } = await versionOf(name, version);
    if (isMarked(one, QUARANTINED)) return;
    const tagged = await setTag({ tagsToAdd: [{ tagName: QUARANTINED }] }, true);
    if (tagged.kind === 'denied') await setAlias(ADD_ALIASES, markAlias(QUARANTINED, version));
  }

  async function release(name: string, version: string): Promise<void> {
    const { one, setAlias, setTag } = await versionOf(name, version);
    if (hasTag(one, QUARANTINED)) await setTag({ tagsToDelete: [{ tagName: QUARANTINED }] }, false);
    if (hasAlias(one, markAlias(QUARANTINED, version))) await setAlias(DELETE_ALIASES, markAlias(QUARANTINED, version));
  }

  async function moveAlias(name: string, { alias, version }: Extract<ModelMark, { kind: 'alias' }>): Promise<void> {
    const { one, setAlias } = await versionOf(name, version);
    if (!hasAlias(one, alias)) await setAlias(ADD_ALIASES, alias);
  }

  return {
    name: 'wandb',
    holdsNoFreeze: HOLDS_NO_FREEZE,

    async readModel(name) {
      const { linked } = await readCollection(name);
      if (linked.length === 0) return null;
      return { registry: 'wandb', name, aliases: aliasesOf(linked), versions: linked.map(modelVersion), promotionFreeze: null };
    },

    async mark(name, mark) {
      switch (mark.kind) {
        case 'alias':
          return moveAlias(name, mark);
        case 'quarantined':
          return quarantine(name, mark.version);
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

type Linked = z.infer<typeof Membership>;

function versionName(index: number): string {
  return `v${index}`;
}

function markAlias(mark: string, version: string): string {
  return `${mark}-${version}`;
}

function hasTag({ artifact }: Linked, tag: string): boolean {
  return artifact.tags.some(({ name }) => name === tag);
}

function hasAlias({ aliases }: Linked, wanted: string): boolean {
  return aliases.some(({ alias }) => alias === wanted);
}

function isMarked(linked: Linked, mark: string): boolean {
  return hasTag(linked, mark) || hasAlias(linked, markAlias(mark, versionName(linked.versionIndex)));
}

function aliasesOf(linked: readonly Linked[]): RegisteredModel['aliases'] {
  return Object.fromEntries(
    linked.flatMap(({ versionIndex, aliases }) =>
      aliases.flatMap(({ alias }) => (VERSION_ALIAS.test(alias) ? [] : [[alias, versionName(versionIndex)]])),
    ),
  );
}

function modelVersion(linked: Linked): ModelVersion {
  const { versionIndex, artifact } = linked;
  return {
    version: versionName(versionIndex),
    storageUri: storageUriOf(artifact.metadata),
    complete: artifact.state === 'COMMITTED',
    validated: isMarked(linked, VALIDATED),
    quarantined: isMarked(linked, QUARANTINED),
  };
}

/** W&B writes metadata as a JSON text; people put into it what they like. */
function storageUriOf(metadata: string | null | undefined): string | null {
  try {
    return Metadata.parse(JSON.parse(metadata ?? '{}'))[STORAGE_URI] || null;
  } catch {
    return null;
  }
}
