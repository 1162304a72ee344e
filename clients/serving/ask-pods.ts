import type { KubeConfig } from '@kubernetes/client-node';
import { type Evidence, servedModel, servingWorkload } from '../../incident/evidence.ts';
import { type GoldenRequest, type GoldenSeen, unexpected } from '../../incident/golden-request.ts';
import { redact } from '../../incident/redact.ts';
import type { Target } from '../../incident/target.ts';
import { Refused } from '../failures.ts';
import { type PodAnswer, podProxy } from '../kubernetes/pod-proxy.ts';
import { type ProtocolCall, protocolCalls } from './inference-protocols.ts';

/** Of more pods than this the first by name are asked. */
const PODS_MAX = 10;
const WORDS_CHARACTERS_MAX = 200;

/** Sends a golden request to the ready pods of a target, all at once; null where it has none. */
export type GoldenAsker = (target: Target, evidence: Evidence, golden: GoldenRequest) => Promise<GoldenSeen | null>;

/**
 * Asks by way of the API server. An answer that is wrong, late or none is told as such.
 * @throws Refused when the API server does not let us ask
 */
export function goldenAsker(config: KubeConfig): GoldenAsker {
  const speak = podProxy(config);

  async function ask(namespace: string, pod: string, { port, withinMs }: GoldenRequest, call: ProtocolCall): Promise<unknown> {
    const { method, path, body } = call;
    const answer = await speak({ namespace, pod, port, method, path, withinMs, ...(body === undefined ? {} : { body }) }).catch(
      (error: Error) => {
        throw new WrongAnswer(isLate(error) ? `it does not answer ${path} within ${withinMs} ms` : `it cannot be asked: ${error.message}`);
      },
    );
    if (isRefusal(answer))
      throw new Refused(
        `The API server does not let us ask pod ${namespace}/${pod}: ${method === 'GET' ? 'get' : 'create'} on pods/proxy is missing.`,
      );
    const read = answerOf(answer, path);
    const why = call.reject(read);
    if (why !== null) throw new WrongAnswer(`${why} (${path})`);
    return read;
  }

  async function askPod(target: Target, pod: string, golden: GoldenRequest): Promise<GoldenSeen> {
    const beganMs = Date.now();
    try {
      let last: unknown;
      for (const call of protocolCalls(golden, target.name)) last = await ask(target.namespace, pod, golden, call);
      const why = unexpected(golden, last);
      return why === null ? { kind: 'answered', by: 1, slowestMs: Date.now() - beganMs } : { kind: 'wrong', by: pod, why };
    } catch (error) {
      if (error instanceof WrongAnswer) return { kind: 'wrong', by: pod, why: redact(error.message, WORDS_CHARACTERS_MAX) };
      throw error;
    }
  }

  return async (target, evidence, golden) => {
    if (servedModel(evidence) === null) return null;
    const pods = (servingWorkload(evidence)?.pods ?? []).filter(({ ready }) => ready).map(({ name }) => name);
    const seen = await Promise.all(
      pods
        .sort()
        .slice(0, PODS_MAX)
        .map((pod) => askPod(target, pod, golden)),
    );
    if (seen.length === 0) return null;
    const wrong = seen.find(({ kind }) => kind === 'wrong');
    if (wrong) return wrong;
    return { kind: 'answered', by: seen.length, slowestMs: Math.max(...seen.map((one) => (one.kind === 'answered' ? one.slowestMs : 0))) };
  };
}

/** What a server answers, or does not, is a finding and no failure of ours. */
class WrongAnswer extends Error {}

function isLate({ name }: Error): boolean {
  return name === 'TimeoutError' || name === 'AbortError';
}

/** The API server answers in its own words where it does not let us through; a server of models has none such. */
function isRefusal({ status, text }: PodAnswer): boolean {
  return (status === 401 || status === 403) && /"kind"\s*:\s*"Status"/.test(text);
}

function answerOf({ status, text }: PodAnswer, path: string): unknown {
  if (status < 200 || status > 299) throw new WrongAnswer(`it answers ${status} to ${path}: ${text.slice(0, WORDS_CHARACTERS_MAX)}`);
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongAnswer(`it answers to ${path} with what is no JSON`);
  }
}
