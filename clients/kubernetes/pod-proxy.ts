import { request as plainRequest } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

const ANSWER_BYTES_MAX = 1_000_000;

/** A request to a pod by way of the API server. */
export interface PodRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
  readonly method: 'GET' | 'POST';
  /** Begins with a slash. */
  readonly path: string;
  /** Sent as JSON; absent: nothing is sent. */
  readonly body?: unknown;
  readonly withinMs: number;
}

export interface PodAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Speaks to pods by way of the API server, which reaches them from wherever a worker runs, and lets in whom RBAC lets. The generated
 * client can send such requests no body.
 * @returns the answer of the pod, or of the API server where that cannot reach it
 * @throws when there is none in time, or one that is too long
 */
export function podProxy(config: KubeConfig): (call: PodRequest) => Promise<PodAnswer> {
  return async ({ namespace, pod, port, method, path, body, withinMs }) => {
    const server = config.getCurrentCluster()?.server;
    if (!server) throw new Error('Cannot reach a pod: the kubeconfig names no API server.');
    const address = new URL(`${server.replace(/\/+$/, '')}/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`);
    const sent = body === undefined ? null : JSON.stringify(body);
    const options: RequestOptions = {
      method,
      headers: sent === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) },
      signal: AbortSignal.timeout(withinMs),
    };
    await config.applyToHTTPSOptions(options);
    return exchange(address, options, sent);
  };
}

function exchange(address: URL, options: RequestOptions, sent: string | null): Promise<PodAnswer> {
  return new Promise((resolve, reject) => {
    const send = address.protocol === 'http:' ? plainRequest : secureRequest;
    const asked = send(address, options, (answer) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > ANSWER_BYTES_MAX) answer.destroy(new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`));
        else parts.push(part);
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('error', reject);
    asked.end(sent ?? undefined);
  });
}
