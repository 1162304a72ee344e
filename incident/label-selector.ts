export type Labels = Readonly<Record<string, string>>;

/** Kubernetes' selector of labels; one without any demand selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelRequirement[];
}

/** One demand on a label, of a selector or of a node affinity. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** The labels have everything that is demanded. */
export function hasAll(demanded: Labels, labels: Labels): boolean {
  return Object.entries(demanded).every(([key, value]) => labels[key] === value);
}

export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return hasAll(matchLabels, labels) && matchExpressions.every((one) => isMet(one, labels));
}

/** An operator that is not known is not met. */
export function isMet({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
