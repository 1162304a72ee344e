import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { createGateway, type GatewayOptions } from '../../gateway/server.ts';
import type { SlackAccess } from '../../gateway/slack/access.ts';
import { followTlsFiles, type TlsFiles } from '../../gateway/tls.ts';
import { mlflowWebhook } from '../../gateway/webhooks/mlflow.ts';
import { wandbWebhook } from '../../gateway/webhooks/wandb.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import { createHealthServer, type Health } from '../../worker/health.ts';
import { listen } from '../../worker/listen.ts';
import type { Settings } from '../../worker/settings.ts';

/** Where a process listens; null where it does not. */
export interface Ports {
  readonly gateway: number | null;
  readonly health: number | null;
}

/** A server that listens. */
export interface Door {
  readonly port: number;
  /** Takes nothing new, and returns when every request it has is answered. */
  readonly close: () => Promise<void>;
}

/** The Slack app of the settings; null when there is no way in from it. @param runbooks whose approvers may be groups of Slack users */
export function slackAccess(settings: Settings, runbooks: readonly Runbook[]): SlackAccess | null {
  const { PARAMEDIC_SLACK_SIGNING_SECRET: signingSecret = null, PARAMEDIC_SLACK_APP_TOKEN: appToken = null } = settings;
  const { PARAMEDIC_SLACK_TEAM: team, PARAMEDIC_SLACK_USERS: users = [], PARAMEDIC_SLACK_BOT_TOKEN: botToken = null } = settings;
  if ((signingSecret === null && appToken === null) || team === undefined) return null;
  const approvers = runbooks.flatMap(({ approval }) => [approval.approvers, ...Object.values(approval.namespaces)]);
  const groups = [...new Set(approvers.flatMap((one) => one?.slackGroups ?? []))];
  return { signingSecret, appToken, botToken, team, users, groups, url: settings.PARAMEDIC_SLACK_URL };
}

/** Registries that events are taken from, by their words in the route. */
export function eventSources(settings: Settings): GatewayOptions['webhooks'] {
  const {
    PARAMEDIC_MLFLOW_WEBHOOK_SECRET: mlflow,
    PARAMEDIC_WANDB_WEBHOOK_SECRET: secrets,
    PARAMEDIC_WANDB_WEBHOOK_TOKEN: tokens,
  } = settings;
  return {
    ...(mlflow === undefined ? {} : { mlflow: mlflowWebhook(mlflow) }),
    ...(secrets === undefined || tokens === undefined ? {} : { wandb: wandbWebhook({ secrets, tokens }) }),
  };
}

export async function openGatewayDoor(settings: Settings, options: GatewayOptions): Promise<Door> {
  const tls = tlsFiles(settings);
  const server = tls === null ? createGateway(options) : tlsGateway(options, tls);
  const door = await openDoor(server, settings.PARAMEDIC_GATEWAY_HOST, settings.PARAMEDIC_GATEWAY_PORT, 'PARAMEDIC_GATEWAY_PORT');
  if (tls === null || !(server instanceof TlsServer)) return door;
  const following = followTlsFiles(server, tls, options.log);
  return {
    port: door.port,
    async close() {
      following.stop();
      await door.close();
    },
  };
}

function tlsFiles(settings: Settings): TlsFiles | null {
  const { PARAMEDIC_GATEWAY_TLS_CERT_FILE: cert, PARAMEDIC_GATEWAY_TLS_KEY_FILE: key } = settings;
  return cert === undefined || key === undefined ? null : { cert, key, clientCa: settings.PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE ?? null };
}

function tlsGateway(options: GatewayOptions, tls: TlsFiles): ReturnType<typeof createGateway> {
  try {
    return createGateway({ ...options, tls });
  } catch (error) {
    throw new Error(
      `Cannot start the gateway with the certificate ${tls.cert} (PARAMEDIC_GATEWAY_TLS_CERT_FILE) and the key ${tls.key}: ${(error as Error).message}. Both must be in PEM and belong together.`,
      { cause: error },
    );
  }
}

export async function openHealthDoor(settings: Settings, health: Health): Promise<Door> {
  const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(settings.PARAMEDIC_HEALTH_ADDRESS) ?? [];
  return openDoor(createHealthServer(health), host ?? '', Number(port), 'PARAMEDIC_HEALTH_ADDRESS');
}

async function openDoor(server: Server | TlsServer, host: string, wanted: number, setting: string): Promise<Door> {
  const port = await listen(server, host, wanted, setting);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
