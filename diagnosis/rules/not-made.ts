import type { Context } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import type { Hindrance } from '../hindrance.ts';

/** What a quota says when it is used up: its name, and what is asked, used and allowed. */
const QUOTA = /exceeded quota: ([^,]+), requested: (.+?), used: (.+?), limited: (\S+(?:,\S+)*)/;

/** Why the API server makes no more pods of it. */
export function whyNotMade({ createFailure, releases, pods, replicasWanted }: WorkloadEvidence, { events }: Context): Hindrance | null {
  const newest = releases[0];
  const made = pods.filter((pod) => pod.release === newest?.hash && pod.ended === null).length;
  const warned =
    events.kind === 'read' && newest && made < replicasWanted
      ? events.value.find(({ about, reason }) => reason === 'FailedCreate' && about === `ReplicaSet/${newest.replicaSet}`)
      : undefined;
  // The Deployment says it while it lasts; its warnings alone may be about what is over, unless there is no pod at all.
  const said = createFailure ?? (made === 0 ? warned?.message : undefined);
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
