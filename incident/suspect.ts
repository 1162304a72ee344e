/** Something above single targets that may be why they fail. */
export interface Suspect {
  readonly kind: 'node' | 'zone' | 'image' | 'modelVersion' | 'dependency' | 'registry' | 'cluster';
  readonly name: string;
}

/** The suspect as people read it, such as `node worker-3`. */
export function suspectText({ kind, name }: Suspect): string {
  return `${kind === 'modelVersion' ? 'model version' : kind} ${name}`;
}

export function isSameSuspect(one: Suspect, other: Suspect): boolean {
  return one.kind === other.kind && one.name === other.name;
}
