import { saysExpired } from '../../../incident/certificate-words.ts';
import type { Context } from '../../../incident/context.ts';
import { type Evidence, servingWorkload } from '../../../incident/evidence.ts';
import type { Finding, Rule } from '../../rule.ts';

/** The issuer's record says so, or else a part of the cluster that met the certificate. */
export const certificateExpired: Rule<Evidence> = (evidence, context) => byRecord(context) ?? byWord(evidence, context);

function byRecord({ certificates, paths }: Context): Finding | null {
  if (certificates.kind !== 'read' || paths.kind !== 'read' || paths.value === null) return null;
  const { readAtMs } = paths.value;
  const expired = certificates.value.find(({ notAfterMs }) => notAfterMs < readAtMs);
  if (!expired) return null;
  const { name, secret, usedBy, notAfterMs } = expired;
  return {
    cause: 'certificate-expired',
    confidence: 'certain',
    reason: `Certificate ${name} (Secret ${secret}, used by ${usedBy}) was valid until ${new Date(notAfterMs).toISOString()}.`,
  };
}

function byWord(evidence: Evidence, { events }: Context): Finding | null {
  const workload = servingWorkload(evidence);
  const pods = (workload?.pods ?? []).filter(({ ready }) => !ready);
  const exits = pods.flatMap(({ name, containers }) =>
    containers.map(({ lastExit }) => ({ about: `Pod/${name}`, message: lastExit?.message ?? '' })),
  );
  const unready = pods
    .filter(({ certificateExpired }) => certificateExpired)
    .map(({ name }) => ({ about: `Pod/${name}`, message: 'it is not ready, since a certificate has expired.' }));
  const said = [...(events.kind === 'read' ? events.value : []), ...exits, ...unready].find(({ message }) => saysExpired(message));
  if (!said) return null;
  return { cause: 'certificate-expired', confidence: 'likely', reason: `${said.about} says: ${said.message}` };
}
