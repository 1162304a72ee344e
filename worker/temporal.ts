import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { whyNotReachable } from './reachable.ts';
import type { Settings } from './settings.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;

/** The part of the settings that says which Temporal, and how to be let in. */
export type TemporalSettings = Pick<
  Settings,
  | 'TEMPORAL_ADDRESS'
  | 'TEMPORAL_API_KEY'
  | 'TEMPORAL_TLS'
  | 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'
  | 'TEMPORAL_TLS_CLIENT_CERT_PATH'
  | 'TEMPORAL_TLS_CLIENT_KEY_PATH'
  | 'TEMPORAL_TLS_SERVER_NAME'
>;

/** How both kinds of connection reach Temporal: a server next door in the clear, one's own with certificates, or Temporal Cloud. */
export function temporalConnectionOptions(settings: TemporalSettings) {
  const ca = settings.TEMPORAL_TLS_SERVER_CA_CERT_PATH;
  const certificate = settings.TEMPORAL_TLS_CLIENT_CERT_PATH;
  const key = settings.TEMPORAL_TLS_CLIENT_KEY_PATH;
  const serverName = settings.TEMPORAL_TLS_SERVER_NAME;
  const apiKey = settings.TEMPORAL_API_KEY;
  const tls = {
    ...(serverName ? { serverNameOverride: serverName } : {}),
    ...(ca ? { serverRootCACertificate: readFileSync(ca) } : {}),
    ...(certificate && key ? { clientCertPair: { crt: readFileSync(certificate), key: readFileSync(key) } } : {}),
  };
  const asksForTls = Object.keys(tls).length > 0 || apiKey !== undefined;
  return {
    address: settings.TEMPORAL_ADDRESS,
    ...(apiKey === undefined ? {} : { apiKey }),
    tls: (settings.TEMPORAL_TLS ?? asksForTls) ? tls : null,
  } satisfies ConnectionOptions;
}

/** How long to keep trying, and who is told meanwhile. */
export interface Patience {
  /** 0 tries once. */
  readonly patienceMs: number;
  /** Aborted: no further try. */
  readonly signal?: AbortSignal;
  readonly waiting?: (reason: string, pauseMs: number) => void;
}

/**
 * Connects to Temporal, trying again with growing pauses while it is away.
 * @throws one sentence naming the address and the setting when patience ends.
 */
export async function connectToTemporal(settings: TemporalSettings, { patienceMs, signal, waiting }: Patience): Promise<Connection> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(RETRY_MAX_MS, pauseMs * 2)) {
    const tried = await tryToConnect(settings);
    if (tried.connection) return tried.connection;
    if (Date.now() + pauseMs > deadline) throw new Error(unreachable(settings.TEMPORAL_ADDRESS, patienceMs, tried.reason));
    waiting?.(tried.reason, pauseMs);
    await sleep(pauseMs, undefined, signal ? { signal } : {});
  }
}

type Tried = { readonly connection: Connection } | { readonly connection: null; readonly reason: string };

/** gRPC waits out its time and says only that; a plain connection says at once what is wrong. */
async function tryToConnect(settings: TemporalSettings): Promise<Tried> {
  const reason = await whyNotReachable(settings.TEMPORAL_ADDRESS, CONNECT_TIMEOUT_MS);
  if (reason !== null) return { connection: null, reason };
  try {
    return { connection: await Connection.connect({ ...temporalConnectionOptions(settings), connectTimeout: CONNECT_TIMEOUT_MS }) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/UNAUTHENTICATED|PERMISSION_DENIED/.test(said))
      return { connection: null, reason: `it refused the credentials (TEMPORAL_API_KEY or the client certificate): ${said}` };
    return { connection: null, reason: `something listens there but does not talk as Temporal does (wrong port, or TLS?): ${said}` };
  }
}

function unreachable(address: string, patienceMs: number, reason: string): string {
  const tried = patienceMs > 0 ? `, tried for ${Math.round(patienceMs / 1000)} s` : '';
  return `Cannot reach Temporal at ${address} (TEMPORAL_ADDRESS)${tried}: ${reason.replace(/\.$/, '')}. Start a Temporal server there, or set TEMPORAL_ADDRESS to where one is.`;
}
