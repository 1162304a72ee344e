import { AuthorizationV1Api, type KubeConfig } from '@kubernetes/client-node';
import { PERMISSIONS, type Permission } from '../../clients/kubernetes/permissions.ts';
import { loadKubeconfig } from '../../worker/kubeconfig.ts';
import { reachableCluster, reasonOf } from '../processes/reachable-cluster.ts';
import { type Check, type Found, fail, ok } from './check.ts';

const HOW_TO_GRANT = 'Apply deploy/kubernetes/rbac.yaml, or let an administrator grant it.';

/** The cluster, and each thing the worker must be allowed to do there. */
export function kubernetesChecks(environment: NodeJS.ProcessEnv): Check[] {
  return [
    { name: 'kubernetes', look: () => lookAtCluster(environment) },
    { name: 'permissions', look: () => lookAtPermissions(environment) },
  ];
}

async function lookAtCluster(environment: NodeJS.ProcessEnv): Promise<Found> {
  try {
    const { name, url, version } = await reachableCluster(environment);
    return ok(`Reached "${name}" at ${url}, version ${version}.`);
  } catch (error) {
    const [what = '', ...fix] = (error as Error).message.split('. ');
    return fail(`${what.replace(/\.$/, '')}.`, fix.join('. ') || 'Set KUBECONFIG to a kubeconfig whose cluster runs.');
  }
}

async function lookAtPermissions(environment: NodeJS.ProcessEnv): Promise<Found[]> {
  try {
    await reachableCluster(environment);
  } catch {
    return [fail('None can be checked: the cluster cannot be reached.', 'Mend what "kubernetes" says first.')];
  }
  const config = loadKubeconfig(environment);
  const ownNamespace = environment.PARAMEDIC_WATCH_LEASE_NAMESPACE || 'paramedic';
  return Promise.all(PERMISSIONS.map((permission) => lookAtPermission(config, permission, ownNamespace)));
}

async function lookAtPermission(config: KubeConfig, permission: Permission, ownNamespace: string): Promise<Found> {
  const { group, resource, verbs, without, inOwnNamespace } = permission;
  const namespace = inOwnNamespace ? ownNamespace : null;
  const what = `${resource}${group ? ` (${group})` : ''}${namespace === null ? '' : ` in ${namespace}`}`;
  const named = `${verbs.join(', ')} ${what}`;
  try {
    const allowed = await Promise.all(verbs.map((verb) => isAllowed(config, permission, verb, namespace)));
    const missing = verbs.filter((_, index) => !allowed[index]);
    if (missing.length === 0) return ok(`May ${named}.`);
    return fail(`May not ${missing.join(', ')} ${what}: ${without}.`, HOW_TO_GRANT);
  } catch (error) {
    return fail(
      `Whether it may ${named} cannot be told: ${reasonOf(error)}.`,
      'Let an administrator grant "create selfsubjectaccessreviews", which every user has by default.',
    );
  }
}

async function isAllowed(config: KubeConfig, { group, resource }: Permission, verb: string, namespace: string | null): Promise<boolean> {
  const [kind, subresource] = resource.split('/');
  const resourceAttributes = {
    group,
    resource: kind!,
    verb,
    ...(subresource ? { subresource } : {}),
    ...(namespace === null ? {} : { namespace }),
  };
  const review = await config.makeApiClient(AuthorizationV1Api).createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  return review.status?.allowed ?? false;
}
