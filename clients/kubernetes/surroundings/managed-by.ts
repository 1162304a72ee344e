import type { ObjectState } from '../../../incident/surroundings.ts';

/** Annotations can be of any length. */
const NAME_CHARACTERS_MAX = 253;

type ManagedBy = NonNullable<ObjectState['managedBy']>;

/** As far as it is looked at; an object of the API server has it in its metadata. */
export interface Marked {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How each tool marks what it keeps; the first that is found is told, since Argo CD and Flux may both run Helm. */
const MARKS: readonly { readonly tool: ManagedBy['tool']; readonly nameIn: (object: Marked) => string | undefined }[] = [
  {
    tool: 'Argo CD',
    // `APPLICATION:GROUP/KIND:NAMESPACE/NAME`
    nameIn: ({ labels, annotations }) =>
      annotations?.['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels?.['argocd.argoproj.io/instance'],
  },
  {
    tool: 'Flux',
    nameIn: ({ labels }) => labels?.['kustomize.toolkit.fluxcd.io/name'] ?? labels?.['helm.toolkit.fluxcd.io/name'],
  },
  {
    tool: 'Helm',
    // The label alone is in many charts' templates, also where Helm only rendered them.
    nameIn: ({ labels, annotations }) =>
      labels?.['app.kubernetes.io/managed-by'] === 'Helm' ? annotations?.['meta.helm.sh/release-name'] : undefined,
  },
];

/** The tool that keeps an object or one of its owners as a repository or chart has it. */
export function managedBy(objects: readonly Marked[]): ManagedBy | null {
  for (const { tool, nameIn } of MARKS) {
    const name = objects.map(nameIn).find((found) => found !== undefined);
    if (name !== undefined) return { tool, name: name.slice(0, NAME_CHARACTERS_MAX) };
  }
  return null;
}
