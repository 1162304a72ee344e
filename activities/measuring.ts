import type { Cluster } from '../clients/cluster.ts';
import { type Context, QUIET_CONTEXT } from '../incident/context.ts';
import type { Evidence } from '../incident/evidence.ts';
import type { FailureType } from '../incident/failure-type.ts';
import type { Target } from '../incident/target.ts';

type Look = (cluster: Cluster, target: Target, evidence: Evidence) => Promise<Partial<Context>>;

/** The pieces by which a failure type measures a target beyond its pods, for looks that come every second. */
const PIECES: Partial<Record<FailureType, Look>> = {
  capacityShortage: async (cluster, target, evidence) => ({ scaling: await cluster.readScaling(target, evidence) }),
};

/** As much of the context as the failure type measures by; of the other types nothing is read. */
export async function readBesidePods(type: FailureType, cluster: Cluster, target: Target, evidence: Evidence): Promise<Context> {
  return { ...QUIET_CONTEXT, ...(await PIECES[type]?.(cluster, target, evidence)) };
}
