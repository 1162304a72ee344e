import type { GatewayOptions } from '../../gateway/server.ts';
import { alertmanager } from '../../gateway/sources/alertmanager.ts';
import { cloudEvents } from '../../gateway/sources/cloud-events.ts';
import { datadog } from '../../gateway/sources/datadog.ts';
import { googleMonitoring } from '../../gateway/sources/google-monitoring.ts';
import { grafana, grafanaSignature } from '../../gateway/sources/grafana.ts';
import { openGroupReader } from '../../gateway/sources/large-groups.ts';
import { basic } from '../../gateway/sources/locks/basic.ts';
import { bearer } from '../../gateway/sources/locks/bearer.ts';
import { clientCertificate } from '../../gateway/sources/locks/client-certificate.ts';
import { hmac } from '../../gateway/sources/locks/hmac.ts';
import { allOf, eitherOf, type Lock, OPEN } from '../../gateway/sources/locks/lock.ts';
import { queryToken } from '../../gateway/sources/locks/query-token.ts';
import { mapped } from '../../gateway/sources/mapped.ts';
import { pagerDuty, pagerDutySignature } from '../../gateway/sources/pager-duty.ts';
import type { AlertSource, ClosedSource } from '../../gateway/sources/source.ts';
import type { SourceGiven, SourcesFile } from '../../runbooks/sources.ts';
import type { Settings } from '../../worker/settings.ts';
import { readSourceSecrets, settingOfSource } from '../../worker/source-secrets.ts';

/**
 * Every source of alerts by its word in the route: those that the settings open, and what opens the others.
 * @throws when senders to Alertmanager's door would have to show nothing and nobody said so, and with every fault of secrets of `sources.yaml`
 */
export function alertSources(settings: Settings, file: SourcesFile, environment: NodeJS.ProcessEnv): GatewayOptions['sources'] {
  const readGroup = openGroupReader();
  const own: GatewayOptions['sources'] = {
    alertmanager: alertmanager(alertmanagerLock(settings), readGroup),
    grafana: opened(settings, 'grafana', grafanaLocks(settings), 'PARAMEDIC_GRAFANA_SECRET, _TOKEN or _BASIC', (lock) =>
      grafana(lock, readGroup),
    ),
    pagerduty: opened(
      settings,
      'pagerduty',
      locks(settings.PARAMEDIC_PAGERDUTY_SECRET, 'PARAMEDIC_PAGERDUTY_SECRET', pagerDutySignature),
      'PARAMEDIC_PAGERDUTY_SECRET',
      pagerDuty,
    ),
    cloudevents: opened(
      settings,
      'cloudevents',
      locks(settings.PARAMEDIC_CLOUDEVENTS_TOKEN, 'PARAMEDIC_CLOUDEVENTS_TOKEN', bearer),
      'PARAMEDIC_CLOUDEVENTS_TOKEN',
      cloudEvents,
    ),
    'google-monitoring': opened(
      settings,
      'google-monitoring',
      [
        ...locks(settings.PARAMEDIC_GOOGLE_MONITORING_BASIC, 'PARAMEDIC_GOOGLE_MONITORING_BASIC', basic),
        ...locks(settings.PARAMEDIC_GOOGLE_MONITORING_TOKEN, 'PARAMEDIC_GOOGLE_MONITORING_TOKEN', (tokens, setting) =>
          queryToken('auth_token', tokens, setting),
        ),
      ],
      'PARAMEDIC_GOOGLE_MONITORING_BASIC or _TOKEN',
      googleMonitoring,
    ),
    datadog: opened(
      settings,
      'datadog',
      [
        ...locks(settings.PARAMEDIC_DATADOG_TOKEN, 'PARAMEDIC_DATADOG_TOKEN', bearer),
        ...locks(settings.PARAMEDIC_DATADOG_BASIC, 'PARAMEDIC_DATADOG_BASIC', basic),
      ],
      'PARAMEDIC_DATADOG_TOKEN or _BASIC',
      datadog,
    ),
  };
  const all = { ...own, ...mappedSources(settings, file, environment) };
  const strangers = (settings.PARAMEDIC_GATEWAY_CLIENTS ?? []).filter(({ source }) => !Object.hasOwn(all, source));
  if (strangers[0])
    throw new Error(
      `Cannot start the gateway: PARAMEDIC_GATEWAY_CLIENTS names the source "${strangers[0].source}"; there are ${Object.keys(all).join(', ')}.`,
    );
  return all;
}

/** A lock, where there are secrets for one. */
function locks(
  secrets: readonly string[] | undefined,
  setting: string,
  lockOf: (secrets: readonly string[], setting: string) => Lock,
): Lock[] {
  return secrets === undefined ? [] : [lockOf(secrets, setting)];
}

/** The source behind all the locks that the settings give it, or in their place behind a client's certificate. */
function opened(
  settings: Settings,
  word: string,
  given: readonly Lock[],
  opensBy: string,
  open: (lock: Lock) => AlertSource,
): AlertSource | ClosedSource {
  const lock = lockOf(settings, word, given);
  return lock === null ? { opensBy: `Nothing is taken at /alerts/${word}: ${opensBy} is not set; see docs/sources.md.` } : open(lock);
}

/** Null: there is no way in. */
function lockOf({ PARAMEDIC_GATEWAY_CLIENTS: clients = [] }: Settings, word: string, given: readonly Lock[]): Lock | null {
  const names = clients.flatMap(({ source, name }) => (source === word ? [name] : []));
  const certificate = names.length === 0 ? null : clientCertificate(names, 'PARAMEDIC_GATEWAY_CLIENTS');
  const [first, ...others] = given;
  if (first === undefined) return certificate;
  const all = allOf([first, ...others]);
  return certificate === null ? all : eitherOf(certificate, all);
}

function alertmanagerLock(settings: Settings): Lock {
  if (settings.PARAMEDIC_GATEWAY_WITHOUT_SECRET) return OPEN;
  const lock = lockOf(settings, 'alertmanager', locks(settings.PARAMEDIC_GATEWAY_SECRET, 'PARAMEDIC_GATEWAY_SECRET', bearer));
  if (lock !== null) return lock;
  throw new Error(
    'Cannot start the gateway: PARAMEDIC_GATEWAY_SECRET is not set, and senders of alerts must show it. Set it, or PARAMEDIC_GATEWAY_SECRET_FILE, to a secret of at least 16 characters.',
  );
}

function grafanaLocks(settings: Settings): Lock[] {
  const { PARAMEDIC_GRAFANA_TIMESTAMP_HEADER: timestampHeader = null } = settings;
  const signature = (secrets: readonly string[], setting: string) => grafanaSignature(secrets, setting, timestampHeader);
  return [
    ...locks(settings.PARAMEDIC_GRAFANA_TOKEN, 'PARAMEDIC_GRAFANA_TOKEN', bearer),
    ...locks(settings.PARAMEDIC_GRAFANA_BASIC, 'PARAMEDIC_GRAFANA_BASIC', basic),
    ...locks(settings.PARAMEDIC_GRAFANA_SECRET, 'PARAMEDIC_GRAFANA_SECRET', signature),
  ];
}

function mappedSources(settings: Settings, file: SourcesFile, environment: NodeJS.ProcessEnv): GatewayOptions['sources'] {
  const { secrets, faults } = readSourceSecrets(file, environment);
  if (faults.length > 0)
    throw new Error(`Cannot start: sources cannot show what sources.yaml asks for.\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  return Object.fromEntries(
    Object.entries(file.sources).map(([word, given]) => {
      const lock = locks(secrets.get(word), settingOfSource(word), (of, setting) => mappedLock(given.auth, of, setting));
      return [word, opened(settings, word, lock, `PARAMEDIC_GATEWAY_CLIENTS with ${word}=…`, (by) => mapped(word, given, by))];
    }),
  );
}

function mappedLock(auth: SourceGiven['auth'], secrets: readonly string[], setting: string): Lock {
  switch (auth.kind) {
    case 'bearer':
    case 'clientCertificate':
      return bearer(secrets, setting);
    case 'basic':
      return basic(secrets, setting);
    case 'hmac': {
      const { header, prefix, encoding, timestamp } = auth;
      const shown = (text: string) => (text.startsWith(prefix) ? [text.slice(prefix.length)] : null);
      const time = timestamp && { ...timestamp, header: timestamp.header.toLowerCase() };
      return hmac(secrets, setting, { header: header.toLowerCase(), shown, encoding, timestamp: time });
    }
    default:
      return auth satisfies never;
  }
}
