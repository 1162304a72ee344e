import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

const KIND = { group: 'serving.kserve.io', version: 'v1beta1', plural: 'inferenceservices' };

interface InferenceService {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly modelStatus?: { readonly transitionStatus: string };
  };
}

/** The InferenceServices of one namespace, seen by somebody who may do everything. */
export function inferenceServices(kubeconfigPath: string, namespace: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const objects = config.makeApiClient(CustomObjectsApi);
  const at = { ...KIND, namespace };
  return {
    async create(name: string, storageUri: string): Promise<void> {
      const model = { modelFormat: { name: 'sklearn' }, storageUri };
      // Without an autoscaler of KServe's the number of replicas is the least one.
      const metadata = { name, annotations: { 'serving.kserve.io/autoscalerClass': 'external' } };
      const spec = { predictor: { minReplicas: 2, model } };
      await objects.createNamespacedCustomObject({
        ...at,
        body: { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata, spec },
      });
    },
    async serve(name: string, storageUri: string): Promise<void> {
      const body = { spec: { predictor: { model: { storageUri } } } };
      await objects.patchNamespacedCustomObject({ ...at, name, body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
    },
    async isReady(name: string): Promise<boolean> {
      const { status }: InferenceService = await objects.getNamespacedCustomObject({ ...at, name });
      return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    },
    async transition(name: string): Promise<string | undefined> {
      const { status }: InferenceService = await objects.getNamespacedCustomObject({ ...at, name });
      return status?.modelStatus?.transitionStatus;
    },
  };
}
