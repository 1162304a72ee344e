import type { Context } from '../../incident/context.ts';
import type { WorkloadEvidence } from '../../incident/evidence.ts';
import { referenceText } from '../../incident/reference.ts';
import { isStarting } from '../failing-pods.ts';
import type { Hindrance } from '../hindrance.ts';
import { PATIENCE_SECONDS } from './no-node.ts';

/** How the scheduler says that a volume is what is missing. */
const OF_VOLUMES =
  /unbound immediate PersistentVolumeClaims|persistent volumes to bind|PersistentVolume's node affinity|volume node affinity|available volume zone|max volume count|non-existent pv|ReadWriteOncePod|persistentvolumeclaim "[^"]+" not found/;
const VOLUME_WARNINGS = ['FailedAttachVolume', 'FailedMount', 'FailedMapVolume'];
const CLAIM_WARNINGS = ['ProvisioningFailed', 'FailedBinding', 'VolumeResizeFailed'];

/** Which volume its pods wait for. */
export function whyNoVolume({ pods }: WorkloadEvidence, { events, references }: Context): Hindrance | null {
  const waiting = pods.filter((pod) => pod.ended === null && !pod.ready && pod.ageSeconds >= PATIENCE_SECONDS);
  const broughtBy = ['volumes'] as const;
  const claims = references.kind === 'read' ? references.value.filter(({ phase }) => phase !== null && phase !== 'Bound') : [];
  const warnings = events.kind === 'read' ? events.value : [];
  const homeless = waiting.find(({ unschedulable }) => unschedulable !== null && OF_VOLUMES.test(unschedulable));
  if (homeless) {
    const [claim] = claims;
    const told =
      claim && warnings.find(({ about, reason }) => about === `PersistentVolumeClaim/${claim.name}` && CLAIM_WARNINGS.includes(reason));
    const which = claim ? `${referenceText(claim)} is ${claim.phase}.${told ? ` ${told.message}` : ''} ` : '';
    return { cause: 'volume-pending', reason: `${which}The scheduler says: ${homeless.unschedulable}`, broughtBy };
  }
  const starting = waiting.filter(({ node, containers }) => node !== null && containers.some(isStarting));
  const warned = warnings.find(
    ({ about, reason }) => VOLUME_WARNINGS.includes(reason) && starting.some(({ name }) => about === `Pod/${name}`),
  );
  return warned ? { cause: 'volume-pending', reason: `A volume of ${warned.about} cannot be had: ${warned.message}`, broughtBy } : null;
}
