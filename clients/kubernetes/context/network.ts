import {
  AppsV1Api,
  type ConfigurationOptions,
  CoreV1Api,
  CustomObjectsApi,
  DiscoveryV1Api,
  type KubeConfig,
  NetworkingV1Api,
} from '@kubernetes/client-node';
import type { Context } from '../../../incident/context.ts';
import { type Evidence, isRun, servingWorkload } from '../../../incident/evidence.ts';
import type { Reading } from '../../../incident/reading.ts';
import { type Target, targetText } from '../../../incident/target.ts';
import { TargetGone } from '../../failures.ts';
import { runningReader } from '../running-workload.ts';
import { certificatesSeen } from './certificates.ts';
import { dependenciesSeen } from './dependencies.ts';
import { dnsSeen } from './dns.ts';
import { pathsSeen } from './paths.ts';

type NetworkPieces = Pick<Context, 'paths' | 'dependencies' | 'dns' | 'certificates'>;
type Read = <T>(what: string, call: () => Promise<T>) => Promise<Reading<T>>;

/** Reads the pieces of a context that tell of the paths to a target and from it. */
export function networkReader(config: KubeConfig) {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const discovery = config.makeApiClient(DiscoveryV1Api);
  const networking = config.makeApiClient(NetworkingV1Api);
  const objects = config.makeApiClient(CustomObjectsApi);
  const running = runningReader(config);

  return async (target: Target, evidence: Evidence, read: Read, options: ConfigurationOptions): Promise<NetworkPieces> => {
    const { namespace } = target;
    const dns = read('the DNS of the cluster', () => dnsSeen(apps, options));
    // Those of a run come and go, and of a server whose pods are not its own no path leads to it alone.
    if (!isRun(evidence) && servingWorkload(evidence) === null) {
      const none = { kind: 'read' as const, value: [] };
      return { paths: { kind: 'read', value: null }, dependencies: none, dns: await dns, certificates: none };
    }
    const workload = running(target, options).then(([first]) => {
      if (first === undefined) throw new TargetGone(`${targetText(target)} has no pods' template.`);
      return first;
    });
    // Each piece that needs it says for itself that it could not be read.
    workload.catch(() => {});
    const template = async () => (await workload).object.spec!.template;
    const paths = read('the Services and policies around it', async () =>
      pathsSeen({ apps, core, discovery, objects }, namespace, await workload, options),
    );
    const isService = async () => {
      const seen = await paths;
      const names = new Set(seen.kind === 'read' ? seen.value.services.map((service) => service.name) : []);
      return (one: string) => names.has(one);
    };
    const [pathsRead, dependencies, dnsRead, certificates] = await Promise.all([
      paths,
      read('the Services it depends on', async () => dependenciesSeen({ apps, core, discovery }, namespace, await template(), options)),
      dns,
      read('the certificates around it', async () =>
        certificatesSeen({ networking, objects }, namespace, await template(), await isService(), options),
      ),
    ]);
    return { paths: pathsRead, dependencies, dns: dnsRead, certificates };
  };
}
