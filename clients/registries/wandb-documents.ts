/** Every version that is linked into a collection of a registry. */
export const VERSIONS = `
query RegistryVersions($organization: String!, $registryFilter: JSONString, $collectionFilter: JSONString, $cursor: String, $perPage: Int) {
  organization(name: $organization) {
    orgEntity {
      name
      artifactMemberships(projectFilters: $registryFilter, collectionFilters: $collectionFilter, after: $cursor, first: $perPage) {
        pageInfo { endCursor hasNextPage }
        edges { node { versionIndex aliases { alias } artifact { id state metadata tags { name } } } }
      }
    }
  }
}`;

/** Puts aliases on a version; each leaves the version of the collection that had it. */
export const ADD_ALIASES = `
mutation AddAliases($input: AddAliasesInput!) {
  result: addAliases(input: $input) { success }
}`;

/** Takes aliases from a version. */
export const DELETE_ALIASES = `
mutation DeleteAliases($input: DeleteAliasesInput!) {
  result: deleteAliases(input: $input) { success }
}`;

/** Changes the tags of an artifact, wherever it is linked to. */
export const UPDATE_ARTIFACT = `
mutation UpdateArtifact($input: UpdateArtifactInput!) {
  result: updateArtifact(input: $input) { artifact { id } }
}`;
