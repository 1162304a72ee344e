import type { Context } from '../../../incident/context.ts';
import { type Evidence, servingWorkload } from '../../../incident/evidence.ts';
import type { Finding, Rule } from '../../rule.ts';

/** How clients and servers say it, Go's and OpenSSL's. */
export const SAYS_EXPIRED = /certificate has expired|certificate expired|CERT_HAS_EXPIRED/i;

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
  const pods = (workload?.pods ?? []).flatMap(({ name, ready, notReadySays, containers }) => {
    const words = [notReadySays, ...containers.map(({ lastExit }) => lastExit?.message)];
    return ready ? [] : words.map((message) => ({ about: `Pod/${name}`, message: message ?? '' }));
  });
  const said = [...(events.kind === 'read' ? events.value : []), ...pods].find(({ message }) => SAYS_EXPIRED.test(message));
  if (!said) return null;
  return { cause: 'certificate-expired', confidence: 'likely', reason: `${said.about} says: ${said.message}` };
}
