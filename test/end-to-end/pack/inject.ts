import { setTimeout as pause } from 'node:timers/promises';
import type { Address, Objects } from '../../../clients/kubernetes/any-objects.ts';
import { type Ground as GroundOf, inOrder, take } from '../../../drills/inject.ts';
import { filled, type Variables } from '../../../drills/variables.ts';
import { registerVersion } from '../../../sandbox/seed-models.ts';
import { failingChecks } from './checks.ts';
import type { Check, Step } from './schema.ts';

/** Where steps are done. */
export interface Ground extends GroundOf<Check> {
  readonly namespace: string;
  readonly mlflowUrl: string;
  /** What was created outside the namespace, and must be taken away in the end. */
  readonly leftovers: Address[];
}

export function groundOf(namespace: string, inNamespace: Objects, mlflowUrl: string): Ground {
  const leftovers: Address[] = [];
  const objects: Objects = {
    ...inNamespace,
    async create(made) {
      const created = await inNamespace.create(made);
      const { apiVersion, kind, metadata } = created;
      if (metadata.namespace !== namespace) leftovers.push({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
      return created;
    },
  };
  return {
    ...{ namespace, objects, mlflowUrl, leftovers, pause, variables: new Map([['namespace', namespace]]) },
    failing: (checks) => failingChecks(checks, { objects, mlflowUrl, specs: new Map() }),
  };
}

/**
 * Does the steps of a field in their order.
 * @throws when one cannot be done; the error names it
 */
export function inject(field: 'setup' | 'fault', steps: readonly Step[], ground: Ground): Promise<void> {
  return inOrder(field, steps, (step) => {
    const { mlflow, ...ofObjects } = filled(step, ground.variables);
    return mlflow ? register(mlflow.registerVersion, ground) : take(ofObjects, ground);
  });
}

/** In the registry models are all beside each other, so a scenario's own carries its namespace. */
async function register(
  { model, as, broken, missing, proven = !(broken || missing), quarantined, serving }: NonNullable<Step['mlflow']>['registerVersion'],
  { mlflowUrl, namespace, variables }: { readonly mlflowUrl: string; readonly namespace: string; readonly variables: Variables },
): Promise<void> {
  const name = `${model}-${namespace}`;
  const ending = broken ? '-broken' : missing ? '-missing' : '';
  const registered = await registerVersion(mlflowUrl, name, { ending, proven, quarantined, serving });
  for (const [field, value] of Object.entries(registered)) variables.set(`${as}.${field}`, value);
}
