import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * The cluster this process works on: of KUBECONFIG, of the user's kubeconfig, or the one it runs in.
 * @throws when there is none, since the client would then guess an address.
 */
export function loadKubeconfig(environment: NodeJS.ProcessEnv): KubeConfig {
  const named = environment.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [];
  const missing = named.filter((file) => !existsSync(file));
  const usual = join(homedir(), '.kube', 'config');
  if (named.length > 0 && missing.length === named.length)
    throw new Error(`Cannot find a cluster: KUBECONFIG names ${missing.join(', ')}, which does not exist.`);
  if (named.length === 0 && !existsSync(usual) && !existsSync(SERVICE_ACCOUNT_TOKEN))
    throw new Error(
      `Cannot find a cluster: KUBECONFIG is not set and ${usual} does not exist. Set KUBECONFIG, or try "paramedic sandbox up" for a cluster on this machine.`,
    );
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new Error(`Cannot read the kubeconfig (${named.join(', ') || usual}): ${(error as Error).message}`, { cause: error });
  }
  if (!config.getCurrentCluster())
    throw new Error(`Cannot find a cluster: the kubeconfig has no current context. Choose one with "kubectl config use-context NAME".`);
  return config;
}
