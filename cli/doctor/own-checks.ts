import { ChannelsFile } from '../../runbooks/channels.ts';
import { faultText } from '../../runbooks/fault.ts';
import { loadRunbooks } from '../../runbooks/load.ts';
import type { Runbook } from '../../runbooks/schema.ts';
import type { SourcesFile } from '../../runbooks/sources.ts';
import { openChannels } from '../../worker/channels.ts';
import { type ParsedSettings, type Settings, unknownVariables } from '../../worker/settings.ts';
import { readSourceSecrets } from '../../worker/source-secrets.ts';
import { alertSources } from '../processes/alert-sources.ts';
import { type Check, type Found, fail, ok, warn } from './check.ts';

/** The oldest Node the Kubernetes client runs on. */
const NODE_MIN = [22, 19] as const;

/** What can be told without asking anybody. */
export function ownChecks(parsed: ParsedSettings, settings: Settings, environment: NodeJS.ProcessEnv, version: string): Check[] {
  return [
    { name: 'node', look: async () => nodeVersion(version) },
    { name: 'settings', look: async () => settingsFound(parsed, environment) },
    { name: 'runbooks', look: async () => runbooksFound(settings.PARAMEDIC_RUNBOOKS) },
    { name: 'gateway secret', look: async () => gatewaySecret(settings) },
    { name: 'sources', look: async () => sources(settings, environment) },
    { name: 'escalation', look: async () => escalation(settings, environment) },
  ];
}

function nodeVersion(version: string): Found {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (isEnough) return ok(`Node ${version}.`);
  return fail(`Node ${version} is too old.`, `Use Node ${NODE_MIN.join('.')} or newer, or "npm run paramedic --", which brings its own.`);
}

function settingsFound({ faults }: ParsedSettings, environment: NodeJS.ProcessEnv): Found[] {
  const unknown = unknownVariables(environment).map((name) =>
    warn(`${name} is set, and Paramedic knows no such setting.`, 'Check how it is spelt, or unset it.'),
  );
  if (faults.length === 0) return [ok('All are valid.'), ...unknown];
  return [...faults.map((fault) => fail(fault, 'Set it right in the environment.')), ...unknown];
}

function runbooksFound(folder: string): Found[] {
  const { runbooks, faults } = loadRunbooks(folder);
  if (faults.length > 0) return faults.map((fault) => fail(faultText(fault), 'Mend the file; "paramedic lint" checks it.'));
  const count = (wanted: Runbook['mode']) => runbooks.filter(({ mode }) => mode === wanted).length;
  return [
    ok(
      `${runbooks.length} without fault; ${count('auto')} act, ${count('approve')} ask first, ${count('observe')} observe, ${count('off')} are off.`,
    ),
  ];
}

function gatewaySecret(settings: Settings): Found {
  if (settings.PARAMEDIC_GATEWAY_WITHOUT_SECRET)
    return warn('The gateway takes alerts from everybody on this machine.', 'Unset PARAMEDIC_GATEWAY_WITHOUT_SECRET.');
  if (settings.PARAMEDIC_GATEWAY_SECRET) return ok(`${settings.PARAMEDIC_GATEWAY_SECRET.length} set.`);
  return warn(
    'None is set: "paramedic up" makes one, "paramedic gateway" does not start.',
    'Set PARAMEDIC_GATEWAY_SECRET_FILE to a file that holds one.',
  );
}

/** The sources of alerts that the gateway would take, and what keeps others from being taken. */
function sources(settings: Settings, environment: NodeJS.ProcessEnv): Found[] {
  const file = sourcesOf(settings.PARAMEDIC_RUNBOOKS);
  if (file === null) return [];
  const { faults, unknown } = readSourceSecrets(file, environment);
  const missing = faults.map((fault) => fail(fault, 'Set it in the environment of the gateway, or take the source out of sources.yaml.'));
  const strange = unknown.map((name) =>
    warn(`${name} is set, and no source of sources.yaml wants it.`, 'Check how it is spelt, or unset it.'),
  );
  if (missing.length > 0) return [...missing, ...strange];
  // What is wrong with the gateway's own secret is told by the check before this one.
  const given = settings.PARAMEDIC_GATEWAY_SECRET ? settings : { ...settings, PARAMEDIC_GATEWAY_WITHOUT_SECRET: true };
  try {
    const open = Object.entries(alertSources(given, file, environment)).flatMap(([word, source]) => ('opensBy' in source ? [] : [word]));
    return [ok(`Alerts are taken from ${open.join(', ')}.`), ...strange];
  } catch (error) {
    return [fail((error as Error).message, 'Set it right in the environment.'), ...strange];
  }
}

function escalation(settings: Settings, environment: NodeJS.ProcessEnv): Found[] {
  const { channels, faults, unknown } = openChannels(channelsOf(settings.PARAMEDIC_RUNBOOKS), environment, settings);
  const webhooks = settings.PARAMEDIC_ESCALATION_WEBHOOK?.length ?? 0;
  return [
    ...faults.map((fault) => fail(fault, 'Set it in the environment of the worker, or take the channel out of channels.yaml.')),
    ...unknown.map((name) => warn(`${name} is set, and no channel of channels.yaml wants it.`, 'Check how it is spelt, or unset it.')),
    ...(channels.size > 0 ? [ok(`${channels.size} channels: ${[...channels.keys()].join(', ')}; nothing was sent to them.`)] : []),
    ...(webhooks > 0 || channels.size === 0 ? [webhooksFound(webhooks)] : []),
  ];
}

/** A folder that cannot be read is told of by the check of runbooks. */
function sourcesOf(folder: string): SourcesFile | null {
  try {
    return loadRunbooks(folder).sources;
  } catch {
    return null;
  }
}

/** A folder that cannot be read is told of by the check of runbooks. */
function channelsOf(folder: string): ChannelsFile {
  try {
    return loadRunbooks(folder).channels;
  } catch {
    return ChannelsFile.parse({});
  }
}

function webhooksFound(count: number): Found {
  if (count > 1) return ok(`${count} webhooks are configured; nothing was sent to them.`);
  if (count === 1) return ok('A webhook is configured; nothing was sent to it. A second one would be used where it fails.');
  return warn(
    'No channel and no webhook: what needs a person is only logged.',
    'Name channels in channels.yaml, or set PARAMEDIC_ESCALATION_WEBHOOK to a URL that takes JSON by POST.',
  );
}
