import { join } from 'node:path';
import { z } from 'zod';
import { faultOfFile, readSecretFiles } from './setting-files.ts';
import { webAddress } from './setting-kinds.ts';
import { itemsOf, secretList } from './setting-lists.ts';
import { AIRFLOW_SECRETS, AIRFLOW_SETTINGS, airflowFaults } from './systems/airflow.ts';
import { ALERT_SOURCE_SECRETS, ALERT_SOURCE_SETTINGS, alertSourceFaults } from './systems/alert-sources.ts';
import { ARGO_SETTINGS, argoFaults } from './systems/argo-workflows.ts';
import { CLEARML_SECRETS, CLEARML_SETTINGS, clearmlFaults } from './systems/clearml.ts';
import { GOOGLE_SETTINGS, googleFaults } from './systems/google.ts';
import { KUBEFLOW_SETTINGS, kubeflowFaults } from './systems/kubeflow-pipelines.ts';
import { MLFLOW_SECRETS, MLFLOW_SETTINGS, mlflowFaults } from './systems/mlflow.ts';
import { WANDB_SECRETS, WANDB_SETTINGS, wandbFaults } from './systems/wandb.ts';
import { WEBHOOK_SECRETS, WEBHOOK_SETTINGS, webhookFaults } from './systems/webhooks.ts';
import { WATCH_SETTINGS } from './watch-settings.ts';

/** All of them are tried within the time of one call. */
const WEBHOOKS_MAX = 6;

const hostAndPort = (example: string) =>
  z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s/]+):\d{1,5}$/, `must be host:port, such as ${example}`);
const flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');
const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535; 0 takes a free one')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535; 0 takes a free one');

/** People and their tokens as `name=token`, one a line or parted by commas; a person may have two while one takes the place of the other. */
const peopleTokens = z
  .string()
  .transform(itemsOf(/[\n,]/))
  .transform((lines) =>
    lines.map((line) => ({ name: line.slice(0, line.indexOf('=')).trim(), token: line.slice(line.indexOf('=') + 1).trim() })),
  )
  .refine(
    (people) => people.length > 0 && people.every(({ name, token }) => name !== '' && token.length >= 16),
    'must be lines of name=token, each token of at least 16 characters',
  )
  .refine((people) => new Set(people.map(({ token }) => token)).size === people.length, 'two people have the same token');

/** Tried in order until one takes a message; one a line or parted by commas. */
const webhooks = z
  .string()
  .transform(itemsOf(/[\n,]/))
  .pipe(z.array(webAddress).min(1, 'must name a URL').max(WEBHOOKS_MAX, `must name at most ${WEBHOOKS_MAX} URLs`));

const Settings = z.object({
  TEMPORAL_ADDRESS: hostAndPort('127.0.0.1:7233').default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1, 'must name a namespace, such as default').default('default'),
  TEMPORAL_API_KEY: z.string().min(1, 'must not be empty').optional(),
  /** Unset: TLS is used when an API key or a TLS file is given. */
  TEMPORAL_TLS: flag.optional(),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().min(1, 'must name a PEM file').optional(),
  TEMPORAL_TLS_CLIENT_CERT_PATH: z.string().min(1, 'must name a PEM file').optional(),
  TEMPORAL_TLS_CLIENT_KEY_PATH: z.string().min(1, 'must name a PEM file').optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1, 'must be a host name').optional(),
  /** Where the Web UI is, for links only. */
  TEMPORAL_UI_URL: webAddress.optional(),
  PARAMEDIC_CLUSTER: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 lower-case letters, digits and hyphens, such as prod-eu')
    .default('local'),
  PARAMEDIC_RUNBOOKS: z
    .string()
    .min(1, 'must name a folder')
    .default(join(import.meta.dirname, '..', 'runbooks')),
  /** The drills there are. */
  PARAMEDIC_DRILLS: z
    .string()
    .min(1, 'must name a folder')
    .default(join(import.meta.dirname, '..', 'drills', 'pack')),
  /** Workflows bundled beforehand, by `npm run bundle`; unset: they are bundled when the worker starts. */
  PARAMEDIC_WORKFLOW_BUNDLE: z.string().min(1, 'must name a file').optional(),
  PARAMEDIC_AUDIT_LOG: z.string().min(1, 'must name a file').default('paramedic-audit.jsonl'),
  /** Set by whoever builds an image. */
  PARAMEDIC_COMMIT: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, 'must be the id of a commit, in lower-case hexadecimal digits')
    .optional(),
  PARAMEDIC_ESCALATION_WEBHOOK: webhooks.optional(),
  ...MLFLOW_SETTINGS,
  ...WANDB_SETTINGS,
  ...CLEARML_SETTINGS,
  ...WEBHOOK_SETTINGS,
  ...ALERT_SOURCE_SETTINGS,
  ...AIRFLOW_SETTINGS,
  ...ARGO_SETTINGS,
  ...KUBEFLOW_SETTINGS,
  ...GOOGLE_SETTINGS,
  PARAMEDIC_PROMETHEUS_URL: webAddress.optional(),
  PARAMEDIC_GATEWAY_PORT: portNumber.default(8080),
  PARAMEDIC_GATEWAY_HOST: z.string().min(1, 'must be a host name or an address, such as 127.0.0.1').default('127.0.0.1'),
  PARAMEDIC_GATEWAY_SECRET: secretList.optional(),
  /** Takes alerts from anybody who reaches the port; only on a loopback address. */
  PARAMEDIC_GATEWAY_WITHOUT_SECRET: flag.default(false),
  /** Unset: no decisions are taken over HTTP. */
  PARAMEDIC_PEOPLE_TOKENS: peopleTokens.optional(),
  /** Unset: no commands are taken from Slack. */
  PARAMEDIC_SLACK_SIGNING_SECRET: z
    .string()
    .regex(/^\S{16,}$/, 'must be the signing secret of a Slack app, of at least 16 characters')
    .optional(),
  PARAMEDIC_SLACK_TEAM: z
    .string()
    .regex(/^[TE][A-Z0-9]{2,}$/, 'must be the id of a Slack workspace, such as T012AB3CD')
    .optional(),
  PARAMEDIC_SLACK_BOT_TOKEN: z
    .string()
    .regex(/^xox[a-z]-\S{8,}$/, 'must be the bot token of a Slack app, such as xoxb-…')
    .optional(),
  /** Unset: no Socket Mode. */
  PARAMEDIC_SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-\S{8,}$/, 'must be an app-level token of a Slack app, such as xapp-…')
    .optional(),
  /** Where Slack's Web API is. */
  PARAMEDIC_SLACK_URL: webAddress.default('https://slack.com/api/').transform((url) => (url.endsWith('/') ? url : `${url}/`)),
  /** Who may give commands; nobody when it is unset. */
  PARAMEDIC_SLACK_USERS: z
    .string()
    .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
    .refine(
      (users) => users.every((one) => /^[UW][A-Z0-9]{2,}$/.test(one)),
      'must be ids of Slack users, such as U012AB3CD, parted by commas',
    )
    .optional(),
  ...WATCH_SETTINGS,
  /** Where a worker or a watch alone answers /healthz, /readyz and /metrics. */
  PARAMEDIC_HEALTH_ADDRESS: hostAndPort('127.0.0.1:8081').default('127.0.0.1:8081'),
  PARAMEDIC_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error'], 'must be trace, debug, info, warn or error').default('info'),
  /** Unset: text on a terminal, JSON elsewhere. */
  PARAMEDIC_LOG_FORMAT: z.enum(['json', 'text'], 'must be json or text').optional(),
  /** How long a process keeps trying to reach Temporal when it starts. */
  PARAMEDIC_CONNECT_SECONDS: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number of seconds from 0 to 99999')
    .transform(Number)
    .default(120),
});

export type Settings = z.infer<typeof Settings>;

/** Every variable that is read. */
export const SETTING_NAMES = Object.keys(Settings.shape);

/** Read from the file that `<name>_FILE` names, where that is set. Their values are never printed. */
const SECRETS = [
  'TEMPORAL_API_KEY',
  'PARAMEDIC_ESCALATION_WEBHOOK',
  ...MLFLOW_SECRETS,
  ...WANDB_SECRETS,
  ...CLEARML_SECRETS,
  ...WEBHOOK_SECRETS,
  ...ALERT_SOURCE_SECRETS,
  ...AIRFLOW_SECRETS,
  'PARAMEDIC_GATEWAY_SECRET',
  'PARAMEDIC_PEOPLE_TOKENS',
  'PARAMEDIC_SLACK_SIGNING_SECRET',
  'PARAMEDIC_SLACK_BOT_TOKEN',
  'PARAMEDIC_SLACK_APP_TOKEN',
] as const satisfies readonly (keyof Settings)[];

/** Settings, or every fault found as `VARIABLE: what is wrong and what would be right`. */
export type ParsedSettings =
  | { readonly settings: Settings; readonly faults: readonly [] }
  | { readonly settings: null; readonly faults: readonly string[] };

/** Reads every setting from the environment and checks them all at once, also how they go together. */
export function parseSettings(environment: NodeJS.ProcessEnv): ParsedSettings {
  const fromFiles = readSecretFiles(SECRETS, environment);
  const faults = [...fromFiles.faults];
  const result = Settings.safeParse({ ...withoutEmpty(environment), ...fromFiles.values });
  if (!result.success) faults.push(...result.error.issues.map((issue) => faultText(String(issue.path[0]), issue.message, environment)));
  if (result.success) faults.push(...contradictions(result.data));
  return result.success && faults.length === 0 ? { settings: result.data, faults: [] } : { settings: null, faults };
}

/**
 * Settings from the environment.
 * @throws an error that names every faulty variable.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { settings, faults } = parseSettings(environment);
  if (settings) return settings;
  const what = faults.length === 1 ? 'a setting in the environment is' : `${faults.length} settings in the environment are`;
  throw new Error(`Cannot start: ${what} wrong.\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

/** Where the office of what all clusters share runs: every worker has a hand there. */
export const ALL_CLUSTERS_QUEUE = 'paramedic';

/** The task queue of the worker that acts on a cluster. */
export function taskQueueOf(cluster: string): string {
  return `paramedic-${cluster}`;
}

/** How variables begin that hold the secret of a channel of `channels.yaml`; `openChannels` says which there are. */
export const CHANNEL_SETTING = 'PARAMEDIC_CHANNEL_';

/** How variables begin that hold the secret of a source of `sources.yaml`. */
export const SOURCE_SETTING = 'PARAMEDIC_SOURCE_';

/** Variables of ours that nothing reads: most likely a slip of the pen. */
export function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const known = new Set<string>([...SETTING_NAMES, ...SECRETS.map((name) => `${name}_FILE`), 'PARAMEDIC_CACHE']);
  const isOfFile = (name: string) => name.startsWith(CHANNEL_SETTING) || name.startsWith(SOURCE_SETTING);
  return Object.keys(environment).filter((name) => name.startsWith('PARAMEDIC_') && !known.has(name) && !isOfFile(name));
}

/** A variable set to nothing is the same as one not set, as Compose files and shells write it. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** Kubernetes gives every pod `<SERVICE>_PORT=tcp://…` of the Services beside it, which can hide a setting of the same name. */
function faultText(name: string, message: string, environment: NodeJS.ProcessEnv): string {
  const injected = environment[name]?.startsWith('tcp://')
    ? '; Kubernetes set it for a Service of that name: set enableServiceLinks: false on the pod'
    : '';
  return `${name}: ${message}${injected}`;
}

function contradictions(settings: Settings): string[] {
  const faults: string[] = [];
  for (const name of ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', 'TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'] as const) {
    const file = settings[name];
    const fault = file === undefined ? null : faultOfFile(name, file);
    if (fault) faults.push(fault);
  }
  const together = (one: keyof Settings, other: keyof Settings) => {
    if (settings[one] !== undefined && settings[other] === undefined) faults.push(`${one}: needs ${other} as well`);
  };
  together('TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH');
  together('TEMPORAL_TLS_CLIENT_KEY_PATH', 'TEMPORAL_TLS_CLIENT_CERT_PATH');
  together('PARAMEDIC_SLACK_SIGNING_SECRET', 'PARAMEDIC_SLACK_TEAM');
  together('PARAMEDIC_SLACK_APP_TOKEN', 'PARAMEDIC_SLACK_TEAM');
  together('PARAMEDIC_SLACK_APP_TOKEN', 'PARAMEDIC_SLACK_BOT_TOKEN');
  faults.push(...mlflowFaults(settings));
  faults.push(...wandbFaults(settings));
  faults.push(...clearmlFaults(settings));
  faults.push(...airflowFaults(settings));
  faults.push(...argoFaults(settings));
  faults.push(...kubeflowFaults(settings));
  faults.push(...googleFaults(settings));
  faults.push(...webhookFaults(settings));
  faults.push(...alertSourceFaults(settings));
  if (settings.PARAMEDIC_GATEWAY_WITHOUT_SECRET && !isLoopback(settings.PARAMEDIC_GATEWAY_HOST))
    faults.push(
      `PARAMEDIC_GATEWAY_WITHOUT_SECRET: is allowed only where PARAMEDIC_GATEWAY_HOST is a loopback address, such as 127.0.0.1; it is ${settings.PARAMEDIC_GATEWAY_HOST}`,
    );
  return faults;
}

/** Whether only this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
