import { AppsV1Api, type ConfigurationOptions, CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../incident/target.ts';
import { answering } from '../serving/inference-service-parts.ts';
import { InferenceService } from '../serving/inference-service-spec.ts';
import { INFERENCE_SERVICES } from '../serving/inference-service-type.ts';
import { llmDeployments } from '../serving/llm-inference-services.ts';
import { readRollout } from '../serving/rollout-object.ts';
import { asClusterFailure, unlessGone } from './api-failures.ts';
import { readWorkload, type WorkloadRead } from './read-workload.ts';

/**
 * Reads the workloads that run a target's pods, that of what is wanted first: itself, or what a controller made of it. None where that
 * controller has made none yet, or its pods are not its own.
 */
export type RunningReader = (
  target: Pick<Target, 'namespace' | 'kind' | 'name'>,
  options?: ConfigurationOptions,
) => Promise<readonly WorkloadRead[]>;

export function runningReader(config: KubeConfig): RunningReader {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);

  async function deployments(namespace: string, names: readonly string[], options?: ConfigurationOptions) {
    const read = (name: string) => unlessGone(() => readWorkload(apps, core, { kind: 'Deployment', namespace, name }, options));
    return (await Promise.all(names.map(read))).filter((one) => one !== null);
  }

  return async ({ namespace, kind, name }, options) => {
    switch (kind) {
      case 'Deployment':
      case 'StatefulSet':
      case 'DaemonSet':
        return [await readWorkload(apps, core, { kind, namespace, name }, options)];
      case 'Rollout':
        return [(await readRollout({ apps, core, objects }, { namespace, name }, options)).workload];
      case 'LLMInferenceService':
        return deployments(namespace, llmDeployments(name), options);
      case 'InferenceService': {
        const where = { ...INFERENCE_SERVICES, namespace, name };
        const object = await asClusterFailure(`InferenceService ${namespace}/${name}`, () =>
          objects.getNamespacedCustomObject(where, options),
        );
        const { wanted, all } = answering(InferenceService.parse(object));
        return deployments(namespace, [...new Set([...(wanted === null ? [] : [wanted]), ...all])], options);
      }
      default:
        return [];
    }
  };
}
