import { type Target, targetText } from '../../incident/target.ts';
import type { Addresses } from '../../sandbox/addresses.ts';

/** What each target is complained of by: alerts of two failure types, told apart by a label. */
export const COMPLAINTS = [
  'KubePodCrashLooping',
  'KubePodCrashLooping',
  'KubePodCrashLooping',
  'KubePodCrashLooping',
  'KubeContainerOOMKilled',
] as const;

/** Many alerts about each of some Deployments at once, by way of the real Alertmanager. */
export interface Burst {
  /** All of them fire; Alertmanager tells the gateway until it takes them. */
  tell(): Promise<void>;
  /** All of them are over. */
  end(): Promise<void>;
}

export function burstOn(targets: readonly Target[], { alertmanagerUrl }: Pick<Addresses, 'alertmanagerUrl'>): Burst {
  const startsAt = new Date().toISOString();
  const alerts = targets.flatMap((target) =>
    COMPLAINTS.map((alertname, index) => ({
      labels: { alertname, namespace: target.namespace, deployment: target.name, complaint: String(index) },
      annotations: { summary: `${alertname} of ${targetText(target)}` },
      startsAt,
    })),
  );
  async function post(endsAt?: string): Promise<void> {
    const body = JSON.stringify(alerts.map((alert) => ({ ...alert, ...(endsAt ? { endsAt } : {}) })));
    const answer = await fetch(`${alertmanagerUrl}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
  }
  return { tell: () => post(), end: () => post(new Date().toISOString()) };
}
