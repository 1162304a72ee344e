import { ApiException, CoordinationV1Api, type KubeConfig, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import { orNull } from '../api-failures.ts';
import { abortedBy } from '../deadline.ts';

/** Who does not renew for so long is taken to be gone. */
const LEASE_SECONDS = 15;
/** Who could not renew for so long gives up by itself, before anybody may take over. */
const RENEW_WITHIN_MS = 10_000;
const TRY_EVERY_MS = 2_000;
const ANSWER_WITHIN_MS = 4_000;

/** Leadership among several processes, by a Lease of Kubernetes. */
export interface Leadership {
  /** Whether this process leads at this moment; it is certain that then no other one does. */
  leads(): boolean;
  /** One try to get the lease, or to keep it. @throws when the API server cannot be asked, or refuses */
  tryOnce(): Promise<void>;
  /** How long to wait until the next try, in milliseconds. */
  readonly tryEveryMs: number;
  /** Gives it back, so that another one need not wait. */
  release(): Promise<void>;
}

interface LeaseOptions {
  readonly namespace: string;
  readonly name: string;
  /** Unlike that of any other process. */
  readonly identity: string;
  /** A clock that only counts, in milliseconds. */
  readonly elapsedMs: () => number;
}

/**
 * Others' clocks are not trusted: whether the one who leads has renewed is told by that the record changed, and how long ago that was by our
 * own clock.
 */
export function leaseLeadership(config: KubeConfig, { namespace, name, identity, elapsedMs }: LeaseOptions): Leadership {
  const api = config.makeApiClient(CoordinationV1Api);
  let renewedAtMs: number | null = null;
  let seen: { readonly record: string; readonly atMs: number } | null = null;

  const leads = () => renewedAtMs !== null && elapsedMs() - renewedAtMs < RENEW_WITHIN_MS;

  return {
    leads,
    tryEveryMs: TRY_EVERY_MS,

    async tryOnce() {
      // From before the call: it counts for others from when it is written, which is later.
      const atMs = elapsedMs();
      const lease = await orNull(() => api.readNamespacedLease({ namespace, name }, inTime()));
      if (lease === null)
        return take(atMs, () => api.createNamespacedLease({ namespace, body: { metadata: { name }, spec: specOf(0) } }, inTime()));
      const { holderIdentity: holder = '', renewTime, leaseDurationSeconds = LEASE_SECONDS, leaseTransitions = 0 } = lease.spec ?? {};
      const record = JSON.stringify([holder, renewTime, leaseTransitions, lease.metadata?.uid]);
      if (seen?.record !== record) seen = { record, atMs };
      const isFree = !holder || holder === identity || elapsedMs() - seen.atMs >= leaseDurationSeconds * 1000;
      if (!isFree) {
        renewedAtMs = null;
        return;
      }
      const keeps = holder === identity && leads();
      const spec = keeps ? { ...lease.spec, ...specOf(leaseTransitions), ...acquired(lease) } : specOf(leaseTransitions + 1);
      // With the version that was read, so that of two who try only one succeeds.
      return take(atMs, () => api.replaceNamespacedLease({ namespace, name, body: { ...lease, spec } }, inTime()));
    },

    async release() {
      if (!leads()) return;
      renewedAtMs = null;
      const lease = await orNull(() => api.readNamespacedLease({ namespace, name }, inTime()));
      if (lease?.spec?.holderIdentity !== identity) return;
      const spec = { leaseTransitions: lease.spec.leaseTransitions ?? 0, leaseDurationSeconds: 1, holderIdentity: '' };
      await api.replaceNamespacedLease({ namespace, name, body: { ...lease, spec } }, inTime());
    },
  };

  async function take(atMs: number, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      renewedAtMs = atMs;
    } catch (error) {
      // Somebody else was faster. Whether it leads still, it finds out at the next try.
      if (!(error instanceof ApiException && error.code === 409)) throw error;
    }
  }

  function specOf(leaseTransitions: number): NonNullable<V1Lease['spec']> {
    const now = new V1MicroTime();
    return { holderIdentity: identity, leaseDurationSeconds: LEASE_SECONDS, acquireTime: now, renewTime: now, leaseTransitions };
  }

  function acquired({ spec }: V1Lease) {
    return spec?.acquireTime ? { acquireTime: spec.acquireTime } : {};
  }
}

function inTime() {
  return abortedBy({ signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
}
