import { connect } from 'node:net';

/** Why no TCP connection to `host:port` can be made, in words; null when it can. */
export function whyNotReachable(hostAndPort: string, timeoutMs: number): Promise<string | null> {
  const split = hostAndPort.lastIndexOf(':');
  const host = hostAndPort.slice(0, split).replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(hostAndPort.slice(split + 1)), timeout: timeoutMs });
    const end = (reason: string | null) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end(`no answer within ${timeoutMs / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => end(inWords(error)));
  });
}

function inWords({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name is not known';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'there is no route to it';
  return message || String(code);
}
