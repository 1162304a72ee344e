import type { Context } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Hindrance } from '../hindrance.ts';

/** What a quota says when it is used up: its name, and what is asked, used and allowed. */
const QUOTA = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (\S+(?:,\S+)*)/;

/** Why the API server makes no more pods of it. */
export function whyNotMade(
  { kind, createFailure, releases, pods, replicasWanted }: WorkloadEvidence,
  { events }: Context,
): Hindrance | null {
  const newest = releases[0];
  const alive = pods.filter((pod) => pod.ended === null);
  // A Deployment says it while it lasts; its warnings alone may be about what is over, unless there is no pod at all.
  const isMissing = kind === 'Deployment' ? alive.every((pod) => pod.release !== newest?.hash) : alive.length < replicasWanted;
  // The others make their pods themselves, and are the only one of their kind whose events are read.
  const isMaker = (about: string) => (kind === 'Deployment' ? about === `ReplicaSet/${newest?.name}` : about.startsWith(`${kind}/`));
  const warned =
    events.kind === 'read' && newest && replicasWanted > 0 && isMissing
      ? events.value.find(({ about, reason }) => reason === 'FailedCreate' && isMaker(about))
      : undefined;
  const said = createFailure ?? warned?.message;
  if (said === undefined) return null;
  const [, quota, asked, used, limited] = QUOTA.exec(said) ?? [];
  if (quota !== undefined)
    return {
      cause: 'quota-exhausted',
      reason: `The quota ${quota} allows no more pods: ${asked} is asked for, ${used} of ${limited} is used.`,
      broughtBy: ['resources', 'containers'],
    };
  const isAccount = /service ?account/i.test(said);
  return {
    cause: isAccount ? 'bad-config' : 'pod-refused',
    reason: `The API server makes no pod of it: ${said}`,
    broughtBy: isAccount ? ['account'] : ['resources', 'containers', 'account', 'volumes', 'ports', 'placement', 'labels', 'other'],
  };
}
