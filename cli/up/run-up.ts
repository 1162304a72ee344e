import { join } from 'node:path';
import { openLog } from '../../worker/logging.ts';
import { readSettings, type Settings } from '../../worker/settings.ts';
import { stopSignal } from '../../worker/stop-signal.ts';
import { reachableCluster } from '../processes/reachable-cluster.ts';
import { runProcess } from '../processes/run.ts';
import { gatewaySecretOf, makeStateFolder } from '../state-folder.ts';
import { type RunningTemporal, startEmbeddedTemporal } from './embedded-temporal.ts';
import { welcomeText } from './welcome.ts';

/** What the command line says. */
export interface UpOptions {
  readonly auto?: true;
  /** False: nothing but alerts that are sent begins incidents. */
  readonly watch: boolean;
  readonly data: string;
}

/** Runs gateway, worker and, where none is given, Temporal, until told to stop. */
export async function up(options: UpOptions): Promise<void> {
  const given = readSettings(process.env);
  const log = openLog(given);
  const cluster = await reachableCluster(process.env);
  makeStateFolder(options.data);
  const stop = stopSignal(log);
  const own = ownSecret(given, options.data);
  const starting = process.env.TEMPORAL_ADDRESS ? Promise.resolve(null) : startEmbeddedTemporal(options.data, say);
  const temporal = await Promise.race([starting, stop.then(() => 'stopped' as const)]);
  // What is half started ends with this process.
  if (temporal === 'stopped') return;
  const settings = { ...given, ...own?.settings, ...(temporal ? embeddedSettings(temporal, options.data) : {}) };
  try {
    await runProcess({
      ...{ gateway: true, worker: true, watch: options.watch ? 'alone' : null, actsToo: options.auto === true, settings, log, stop },
      ...(temporal ? { failed: temporal.failed } : {}),
      running: (ports, runbooks) =>
        process.stdout.write(
          welcomeText({
            clusterName: cluster.name,
            clusterUrl: cluster.url,
            temporalAddress: settings.TEMPORAL_ADDRESS,
            uiUrl: settings.TEMPORAL_UI_URL ?? null,
            isEmbedded: temporal !== null,
            gatewayUrl: `${settings.PARAMEDIC_GATEWAY_TLS_CERT_FILE ? 'https' : 'http'}://${settings.PARAMEDIC_GATEWAY_HOST}:${ports.gateway}`,
            secretFile: own?.file ?? process.env.PARAMEDIC_GATEWAY_SECRET_FILE ?? null,
            needsSecret: !settings.PARAMEDIC_GATEWAY_WITHOUT_SECRET,
            runbooks,
            isWatching: options.watch,
            stateFolder: options.data,
          }),
        ),
    });
  } finally {
    await temporal?.stop();
  }
}

/** A secret of the state folder, where nobody gave one. */
function ownSecret(given: Settings, folder: string): { readonly file: string; readonly settings: Partial<Settings> } | null {
  if (given.PARAMEDIC_GATEWAY_SECRET || given.PARAMEDIC_GATEWAY_WITHOUT_SECRET) return null;
  const { file, secret } = gatewaySecretOf(folder);
  return { file, settings: { PARAMEDIC_GATEWAY_SECRET: [secret] } };
}

/** What was started here is in the clear and on loopback, and its audit log belongs to the same folder. */
function embeddedSettings({ address, uiUrl }: RunningTemporal, folder: string): Partial<Settings> {
  const auditLog = process.env.PARAMEDIC_AUDIT_LOG ? {} : { PARAMEDIC_AUDIT_LOG: join(folder, 'audit.jsonl') };
  return { TEMPORAL_ADDRESS: address, TEMPORAL_UI_URL: uiUrl, TEMPORAL_TLS: false, ...auditLog };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
