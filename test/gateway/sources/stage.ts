import { request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Intake } from '../../../gateway/intake.ts';
import { gatewayMetrics } from '../../../gateway/metrics.ts';
import type { PermitDesk } from '../../../gateway/permit-desk.ts';
import { unpacked } from '../../../gateway/portions.ts';
import { createGateway, type GatewayOptions } from '../../../gateway/server.ts';
import { boardOf } from '../../../guards/board.ts';
import { EMPTY_LEDGER } from '../../../guards/ledger/ledger.ts';
import type { Alert } from '../../../incident/alert.ts';
import type { Portion } from '../../../incident/portion.ts';
import { LimitsFile } from '../../../runbooks/limits.ts';
import { parseRunbook } from '../../../runbooks/load.ts';
import { nothingHandedOver } from '../nothing-handed-over.ts';

const { runbooks } = parseRunbook(
  'a.yaml',
  'name: a\nfailureType: podCrash\nmatch: { alerts: [KubePodCrashLooping, DataDriftDetected, DataQualityViolation] }\nremedies: [restart]\n',
);

/** A gateway in front of an intake that remembers what it is given. */
export interface Stage {
  readonly server: Server;
  readonly port: number;
  /** What was brought to Temporal. */
  readonly fired: Alert[];
  /** Fingerprints of the alerts that are over. */
  readonly resolved: string[];
  /** What the gateway wrote into its log. */
  readonly logged: object[];
  /** Set, Temporal keeps nothing. */
  isAway: boolean;
  /** Awaited before Temporal answers. */
  answers: () => Promise<void>;
  post(path: string, headers: readonly string[], body: string | Buffer): Promise<Answered>;
  close(): Promise<unknown>;
}

interface Answered {
  readonly code: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: { readonly error?: string; readonly kind?: string; readonly alerts?: readonly object[] };
}

export async function openStage(sources: GatewayOptions['sources'], more: Partial<GatewayOptions> = {}): Promise<Stage> {
  const [fired, resolved, logged]: [Alert[], string[], object[]] = [[], [], []];
  const workflow = {
    async signalWithStart(type: string, { signalArgs }: { readonly signalArgs: readonly [readonly Alert[] | Portion] }) {
      await stage.answers();
      if (stage.isAway) throw new Error('14 UNAVAILABLE');
      const given = type === 'intake' ? (await unpacked(signalArgs[0] as Portion)).alerts.map(({ alert }) => alert) : signalArgs[0];
      fired.push(...(given as readonly Alert[]));
    },
    list: () => [],
    getHandle: (id: string) => ({
      signal: async (_signal: unknown, { fingerprint }: Alert) => void resolved.push(fingerprint),
      ...nothingHandedOver(id),
    }),
  };
  const intake: Intake = {
    ...{ runbooks, limits: LimitsFile.parse({}), cluster: 'test', taskQueue: 'q' },
    kubernetes: { topmostOwner: async (_namespace, _kind, name) => ({ kind: 'Deployment', name }) },
    client: { workflow } as unknown as Intake['client'],
  };
  const desk: PermitDesk = {
    ...{ freeze: async () => [], thaw: async () => [], alive: async () => undefined },
    board: async () => boardOf(EMPTY_LEDGER, 0),
  };
  const note = (fields: object, message: string) => void logged.push({ ...fields, message });
  const server = createGateway({
    ...{ intake: () => intake, desk: () => desk, decisions: () => null, people: null, slack: null, webhooks: {}, records: () => null },
    ...{ sources, metrics: gatewayMetrics(), log: { debug: note, info: note, warn: note } },
    health: async (route) => (route === 'GET /healthz' ? { code: 200, body: 'ok\n' } : null),
    ...more,
  }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stage: Stage = {
    ...{ server, port, fired, resolved, logged, isAway: false, answers: async () => undefined },
    post: (path, headers, body) => post(port, path, headers, body),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
  return stage;
}

/** @param headers names and values in turn, which may stand there twice */
function post(port: number, path: string, headers: readonly string[], body: string | Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const all = ['Host', 'gateway', 'Connection', 'close', 'Content-Length', String(Buffer.byteLength(body)), ...headers];
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path, headers: all }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({ code: answer.statusCode ?? 0, headers: answer.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends a request as written, without an HTTP client that would mend it. @returns the status line, empty where the connection was cut */
export function postRaw(port: number, text: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  return new Promise((resolve) => {
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => resolve(answer.split('\r\n')[0]!));
    socket.on('close', () => resolve(answer.split('\r\n')[0]!));
  });
}
