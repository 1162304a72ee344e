import type { V1Probe, V1Toleration } from '@kubernetes/client-node';

/** A probe as people read it; what it sends or runs is hashed, since it may hold a secret. */
export function probeText(probe: V1Probe | undefined, hashed: (value: unknown) => string | null): string | null {
  if (!probe) return null;
  const { httpGet, tcpSocket, grpc, exec, initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold } = probe;
  const asks = httpGet
    ? `GET :${httpGet.port}${httpGet.path ?? '/'}${httpGet.httpHeaders ? ` with headers ${hashed(httpGet.httpHeaders)}` : ''}`
    : tcpSocket
      ? `TCP :${tcpSocket.port}`
      : grpc
        ? `gRPC :${grpc.port}`
        : `command ${hashed(exec)}`;
  const times = [
    ['after', initialDelaySeconds],
    ['every', periodSeconds],
    ['within', timeoutSeconds],
  ].flatMap(([word, seconds]) => (seconds === undefined ? [] : [`${word} ${seconds} s`]));
  return [asks, ...times, ...(failureThreshold === undefined ? [] : [`${failureThreshold} times`])].join(', ');
}

/** As `key=value:effect`. */
export function tolerationText({ key = '', operator, value, effect }: V1Toleration): string {
  return `${key}${operator === 'Exists' ? '' : `=${value ?? ''}`}${effect ? `:${effect}` : ''}`;
}
