import type { Target } from '../../incident/target.ts';
import { brokenImage, simulatedDeployment } from '../../sandbox/simulated-workloads.ts';
import { release } from '../release.ts';
import { until } from '../until.ts';
import { NAMESPACE, type Stage } from './stage.ts';

/** What the Deployment, and its release that crashes, are like. */
interface Marks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly image?: string;
}

/** Lets a Deployment run, and then releases one of it that crashes. */
export async function breakRelease({ apps }: Stage, name: string, marks: Marks = {}): Promise<Target> {
  const { image = brokenImage(name), ...metadata } = marks;
  const body = simulatedDeployment(name);
  await apps.createNamespacedDeployment({ namespace: NAMESPACE, body: { ...body, metadata: { ...body.metadata, ...metadata } } });
  await until(
    `${name} runs`,
    async () => (await apps.readNamespacedDeployment({ namespace: NAMESPACE, name })).status?.readyReplicas === 2,
  );
  await release(apps, NAMESPACE, name, image);
  return { cluster: 'local', namespace: NAMESPACE, kind: 'Deployment', name };
}
