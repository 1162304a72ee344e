import type { ConfigurationOptions, CustomObjectsApi, NetworkingV1Api, V1Ingress, V1PodTemplateSpec } from '@kubernetes/client-node';
import { z } from 'zod';
import type { CertificateSeen } from '../../../incident/paths.ts';
import { orNull } from '../api-failures.ts';

/** cert-manager's records. Reading the Secrets themselves would mean reading their private keys, so that this is the only way it is told. */
const CERTIFICATES = { group: 'cert-manager.io', version: 'v1', plural: 'certificates' };
const ASKED_MAX = 200;

/** The fields used of a Certificate; one that was never issued has no end. */
const Certificates = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ secretName: z.string() }),
      status: z.object({ notAfter: z.string().optional() }).optional(),
    }),
  ),
});

/** The certificates that a pod template mounts, or that Ingresses to one of the Services show, as far as cert-manager issued them. */
export async function certificatesSeen(
  { networking, objects }: { readonly networking: NetworkingV1Api; readonly objects: CustomObjectsApi },
  namespace: string,
  template: V1PodTemplateSpec,
  isService: (name: string) => boolean,
  options: ConfigurationOptions,
): Promise<readonly CertificateSeen[]> {
  const [ingresses, listed] = await Promise.all([
    networking.listNamespacedIngress({ namespace, limit: ASKED_MAX }, options),
    // Where cert-manager is not installed there are none.
    orNull(() => objects.listNamespacedCustomObject({ ...CERTIFICATES, namespace, limit: ASKED_MAX }, options)),
  ]);
  const usedBy = new Map([
    ...ingresses.items.filter((ingress) => leadsTo(ingress, isService)).flatMap(secretsOfIngress),
    ...(template.spec?.volumes ?? []).flatMap(({ secret }): [string, string][] =>
      secret?.secretName ? [[secret.secretName, 'its pods']] : [],
    ),
  ]);
  return Certificates.parse(listed ?? { items: [] }).items.flatMap(({ metadata: { name }, spec: { secretName: secret }, status }) => {
    const user = usedBy.get(secret);
    return user === undefined || !status?.notAfter ? [] : [{ name, secret, usedBy: user, notAfterMs: Date.parse(status.notAfter) }];
  });
}

function leadsTo({ spec }: V1Ingress, isService: (name: string) => boolean): boolean {
  const backends = [spec?.defaultBackend, ...(spec?.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend))];
  return backends.some((backend) => backend?.service !== undefined && isService(backend.service.name));
}

function secretsOfIngress({ metadata, spec }: V1Ingress): [string, string][] {
  return (spec?.tls ?? []).flatMap(({ secretName }): [string, string][] => (secretName ? [[secretName, `Ingress ${metadata?.name}`]] : []));
}
