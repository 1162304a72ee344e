import { CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';

const NAMESPACE = 'default';

/** What controllers say of the objects they look after. */
interface Observed {
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The custom objects of one kind: those in the default namespace, or those of the whole cluster. */
export function customObjects(config: KubeConfig, group: string, version: string, kind: string) {
  const api = config.makeApiClient(CustomObjectsApi);
  const at = { group, version, plural: `${kind.toLowerCase()}s` };
  const body = (name: string, spec: object, labels: object = {}) => ({
    ...{ apiVersion: `${group}/${version}`, kind, metadata: { name, labels }, spec },
  });
  const read = (name: string): Promise<Observed> => api.getNamespacedCustomObject({ ...at, namespace: NAMESPACE, name });
  return {
    create: (name: string, spec: object) => api.createNamespacedCustomObject({ ...at, namespace: NAMESPACE, body: body(name, spec) }),
    createForAll: (name: string, labels: object, spec: object) => api.createClusterCustomObject({ ...at, body: body(name, spec, labels) }),
    has: (name: string) =>
      read(name).then(
        () => true,
        () => false,
      ),
    phase: async (name: string) => (await read(name)).status?.phase,
    /** Whether a condition of it is true. */
    holds: async (name: string, type: string) =>
      (await read(name)).status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false,
  };
}
