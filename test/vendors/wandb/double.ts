import type { Double, Recorded, Reply } from '../recorder.ts';
import { project, readOperation } from './graphql.ts';

/** One version in the registry. */
export interface WandbVersion {
  readonly index: number;
  /** On the artifact itself, in the project it was logged to. */
  tags: string[];
  /** In the registry. */
  aliases: string[];
  readonly storageUri: string | null;
  readonly state: string;
}

/** What a W&B server holds for a test: the registry `model` of the organisation `acme`. */
export interface WandbDouble {
  readonly answer: Double;
  /** Collection to its versions. */
  readonly collections: Map<string, WandbVersion[]>;
  /** Whoever asks may not write to the project that the artifacts were logged to. */
  sourceIsReadOnly: boolean;
  /** Aliases that only an administrator of the registry may move. */
  readonly protectedAliases: Set<string>;
}

const DENIED: Reply = { status: 403, body: { errors: [{ message: 'permission denied' }], data: null } };
const ORG_ENTITY = 'acme_org';
const REGISTRY = 'wandb-registry-model';
/** What the package asks of a server before it searches a registry. */
const FEATURES = ['ARTIFACT_REGISTRY_SEARCH', 'ARTIFACT_TAGS'];
const AT = '2026-01-01T12:00:00Z';

type Input = {
  readonly artifactID: string;
  readonly aliases?: readonly { readonly alias: string; readonly artifactCollectionName: string }[];
  readonly tagsToAdd?: readonly { readonly tagName: string }[];
  readonly tagsToDelete?: readonly { readonly tagName: string }[];
};

/** A small W&B server, in the format of its GraphQL API. */
export function wandbDouble(): WandbDouble {
  const collections = new Map<string, WandbVersion[]>();
  const double: WandbDouble = { answer, collections, sourceIsReadOnly: false, protectedAliases: new Set() };
  return double;

  function answer({ path, body, scheme }: Recorded): Reply {
    if (path !== '/graphql') return { status: 404, body: { error: 'no such page' } };
    if (scheme !== 'Basic') return { status: 401, body: { errors: [{ message: 'user is not logged in' }] } };
    const { query, variables } = body as { query: string; variables?: Record<string, unknown> };
    const operation = readOperation(query);
    const given = variables ?? {};
    if (operation.kind === 'mutation' && isDenied(operation.name, given.input as Input)) return DENIED;
    try {
      return { body: { data: project(operation, operation.kind === 'query' ? queries() : mutations(), given) } };
    } catch (error) {
      return { status: 400, body: { errors: [{ message: (error as Error).message }] } };
    }
  }

  function isDenied(name: string, { aliases = [] }: Input): boolean {
    return name === 'UpdateArtifact' ? double.sourceIsReadOnly : aliases.some(({ alias }) => double.protectedAliases.has(alias));
  }

  function queries() {
    return {
      viewer: { id: 'VXNlcjox', entity: 'acme', username: 'ann', email: 'ann@example.com', flags: '{}', teams: { edges: [] } },
      serverInfo: { features: FEATURES.map((name) => ({ name, isEnabled: true })) },
      entity: () => ({ organization: { name: 'acme', orgEntity: { name: ORG_ENTITY } }, user: null }),
      organization: ({ name }: Record<string, unknown>) =>
        name === 'acme' ? { orgEntity: { name: ORG_ENTITY, artifactMemberships } } : null,
      project: ({ name, entityName }: Record<string, unknown>) => projectOf(String(name), String(entityName)),
    };
  }

  function projectOf(name: string, entityName: string) {
    if (name === 'training') return { ...projectFragment(name, 'acme'), readOnly: double.sourceIsReadOnly };
    if (name !== REGISTRY || entityName !== ORG_ENTITY) return null;
    const artifactCollectionMembership = ({ name: wanted }: Record<string, unknown>) => {
      const [collection = '', one = ''] = String(wanted).split(':');
      const version = collections.get(collection)?.find(({ index, aliases }) => one === `v${index}` || aliases.includes(one));
      return version === undefined ? null : membership(collection, version);
    };
    return { ...projectFragment(name, ORG_ENTITY), readOnly: false, artifactCollectionMembership };
  }

  function artifactMemberships({ projectFilters, collectionFilters, after, first }: Record<string, unknown>) {
    const asked = [projectFilters, collectionFilters].map((filter) => (JSON.parse(String(filter)) as { name: string }).name);
    const versions = asked[0] === REGISTRY ? (collections.get(asked[1]!) ?? []) : [];
    const from = Number(after ?? 0);
    const to = from + Number(first);
    return {
      pageInfo: { __typename: 'PageInfo', endCursor: String(to), hasNextPage: to < versions.length },
      edges: versions.slice(from, to).map((version) => ({ node: membership(asked[1]!, version) })),
    };
  }

  function mutations() {
    return {
      addAliases: ({ input }: Record<string, unknown>) => {
        const { artifactID, aliases = [] } = input as Input;
        for (const { alias, artifactCollectionName } of aliases) {
          const versions = collections.get(artifactCollectionName) ?? [];
          for (const one of versions) one.aliases = one.aliases.filter((held) => held !== alias);
          versions.find((one) => idOf(artifactCollectionName, one) === artifactID)?.aliases.push(alias);
        }
        return { success: true };
      },
      deleteAliases: ({ input }: Record<string, unknown>) => {
        for (const { alias, artifactCollectionName } of (input as Input).aliases ?? [])
          for (const one of collections.get(artifactCollectionName) ?? []) one.aliases = one.aliases.filter((held) => held !== alias);
        return { success: true };
      },
      updateArtifact: ({ input }: Record<string, unknown>) => {
        const { artifactID, tagsToAdd = [], tagsToDelete = [] } = input as Input;
        const [collection, version] = found(artifactID);
        const kept = version.tags.filter((tag) => !tagsToDelete.some(({ tagName }) => tagName === tag));
        version.tags = [...new Set([...kept, ...tagsToAdd.map(({ tagName }) => tagName)])];
        return { artifact: artifact(collection, version) };
      },
    };
  }

  function found(id: string): readonly [string, WandbVersion] {
    for (const [collection, versions] of collections) {
      const version = versions.find((one) => idOf(collection, one) === id);
      if (version) return [collection, version];
    }
    throw new Error(`artifact ${id} not found`);
  }
}

function idOf(collection: string, { index }: WandbVersion): string {
  return Buffer.from(`Artifact:${collection}:${index}`).toString('base64');
}

function projectFragment(name: string, entity: string) {
  return {
    __typename: 'Project',
    id: `UHJvamVjdDo${name.length}`,
    internalId: 'UHJvamVjdEludGVybmFsSWQ6Nw==',
    name,
    entity: { name: entity },
  };
}

function collectionFragment(name: string) {
  return { __typename: 'ArtifactPortfolio', name, project: projectFragment(REGISTRY, ORG_ENTITY) };
}

function aliasesOf(collection: string, { aliases, index }: WandbVersion) {
  return [...aliases, `v${index}`].map((alias) => ({
    __typename: 'ArtifactAlias',
    id: `a-${index}-${alias}`,
    alias,
    artifactCollection: collectionFragment(collection),
  }));
}

function membership(collection: string, version: WandbVersion) {
  return {
    __typename: 'ArtifactCollectionMembership',
    id: `bWVtYmVyc2hpcA${version.index}`,
    versionIndex: version.index,
    createdAt: AT,
    aliases: aliasesOf(collection, version),
    artifactCollection: collectionFragment(collection),
    artifact: artifact(collection, version),
  };
}

function artifact(collection: string, version: WandbVersion) {
  return {
    __typename: 'Artifact',
    id: idOf(collection, version),
    artifactSequence: { __typename: 'ArtifactSequence', name: `${collection}-run`, project: projectFragment('training', 'acme') },
    versionIndex: version.index,
    artifactType: { name: 'model' },
    description: null,
    metadata: JSON.stringify(version.storageUri === null ? {} : { storage_uri: version.storageUri }),
    ttlDurationSeconds: -1,
    ttlIsInherited: false,
    tags: version.tags.map((name) => ({ __typename: 'Tag', id: `t-${name}`, name })),
    historyStep: null,
    state: version.state,
    size: 1,
    digest: 'd41d8cd98f00b204e9800998ecf8427e',
    digestAlgorithm: 'MANIFEST_MD5',
    commitHash: 'abc',
    fileCount: 1,
    createdAt: AT,
    updatedAt: AT,
    aliases: aliasesOf(collection, version),
  };
}
