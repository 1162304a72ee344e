import { unexpected } from '../../incident/golden-request.ts';
import { Refused } from '../failures.ts';
import { type GoogleAccess, googleCall, locationOf } from '../google/google-call.ts';
import type { Answer, Failure } from '../http/system-call.ts';
import type { GoldenAsker } from './ask-pods.ts';
import type { Endpoint } from './vertex-endpoint-seen.ts';

/** These say that we, or the service at large, are at fault; all others tell of what serves. */
const NO_FINDING = [401, 403, 404, 429, 503];

/** Addresses of endpoints that have one of their own. */
const DEDICATED = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.prediction\.vertexai\.goog$/;

/**
 * Sends a golden request to an endpoint, of which nobody sees the pods. An answer that is wrong, late or none is told as such.
 * @throws Refused where it cannot be asked; as `systemCall`
 */
export function endpointAsker(access: GoogleAccess, read: (name: string) => Promise<Endpoint>): GoldenAsker {
  return async ({ name }, _evidence, golden) => {
    const { protocol, body, withinMs } = golden;
    const by = `endpoint ${name}`;
    if (protocol !== 'v1') throw new Refused(`The Vertex AI ${by} is asked by the protocol v1 alone, and not by ${protocol}.`);
    const url = predictionUrl(await read(name), access);
    const call = googleCall('Vertex AI', { ...access, url, answerMsMax: withinMs });
    const path = `${locationOf(access)}/endpoints/${encodeURIComponent(name)}:predict`;
    const needs = 'aiplatform.endpoints.predict';
    const beganMs = Date.now();
    const expects = ({ status }: Failure) => !NO_FINDING.includes(status);
    const answer = await unlessLate(call({ method: 'POST', path, body, needs, expects }));
    if (answer === null) return { kind: 'wrong', by, why: `it does not answer within ${withinMs} ms` };
    if (answer.kind === 'failed') return { kind: 'wrong', by, why: `it answers ${answer.status}: ${answer.message}` };
    const why = unexpected(golden, answer.body);
    return why === null ? { kind: 'answered', by: 1, slowestMs: Date.now() - beganMs } : { kind: 'wrong', by, why };
  };
}

/** Where an endpoint is asked. @throws Refused where that is no address of Google's, to which our token would go */
export function predictionUrl(endpoint: Endpoint, { url }: Pick<GoogleAccess, 'url'>): string {
  const { name, dedicatedEndpointEnabled, dedicatedEndpointDns } = endpoint;
  if (!dedicatedEndpointEnabled) return url;
  const host = dedicatedEndpointDns.replace(/^https:\/\//, '');
  if (DEDICATED.test(host)) return `https://${host}`;
  throw new Refused(`${name} is reached by "${host}" alone, which is no address of Google's for predictions; our token is not sent there.`);
}

async function unlessLate(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (((error as Error).cause as Error | undefined)?.name === 'TimeoutError') return null;
    throw error;
  }
}
