import { VersionApi } from '@kubernetes/client-node';
import { loadKubeconfig } from '../../worker/kubeconfig.ts';
import { within } from './within.ts';

const ANSWER_WITHIN_MS = 10_000;

/** The cluster the kubeconfig chooses, as it calls itself. */
export interface ReachableCluster {
  readonly name: string;
  readonly url: string;
  /** Kubernetes' version, such as `v1.35.4`. */
  readonly version: string;
}

/**
 * Asks the API server for its version.
 * @throws one sentence naming the context, the address and the reason when it does not answer.
 */
export async function reachableCluster(environment: NodeJS.ProcessEnv): Promise<ReachableCluster> {
  const config = loadKubeconfig(environment);
  const url = config.getCurrentCluster()!.server;
  const name = config.getCurrentContext();
  try {
    const { gitVersion } = await within(ANSWER_WITHIN_MS, config.makeApiClient(VersionApi).getCode());
    return { name, url, version: gitVersion };
  } catch (error) {
    throw new Error(
      `Cannot reach the Kubernetes cluster "${name}" at ${url}: ${reasonOf(error)}. Check that it runs, or choose another one with KUBECONFIG or "kubectl config use-context NAME".`,
      { cause: error },
    );
  }
}

/** The innermost reason of an error of the HTTP client, whose outer ones say only that something failed. */
export function reasonOf(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: unknown; message?: string };
  if (cause instanceof Error) return reasonOf(cause);
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  if (code === 401) return 'it does not know these credentials (401)';
  if (code === 403) return 'it forbids it to these credentials (403)';
  if (typeof code === 'number') return `it answered ${code}`;
  return (message || String(code ?? error)).split('\n')[0]!.replace(/\.$/, '');
}
