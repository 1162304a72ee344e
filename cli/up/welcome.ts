import type { Runbook } from '../../runbooks/schema.ts';

/** What a person needs to know once all runs. */
export interface Welcome {
  readonly clusterName: string;
  readonly clusterUrl: string;
  readonly temporalAddress: string;
  /** Null: Temporal is somebody else's, and where its page is was not said. */
  readonly uiUrl: string | null;
  readonly isEmbedded: boolean;
  readonly gatewayUrl: string;
  /** Null: senders need none. */
  readonly secretFile: string | null;
  readonly needsSecret: boolean;
  readonly runbooks: readonly Pick<Runbook, 'name' | 'mode'>[];
  /** The cluster itself is watched for what is ill. */
  readonly isWatching: boolean;
  readonly stateFolder: string;
}

/** The text `paramedic up` greets with: what runs, in which mode, where alerts go and where to look. */
export function welcomeText(welcome: Welcome): string {
  const { uiUrl, secretFile, isEmbedded } = welcome;
  const temporal = `${welcome.temporalAddress}${isEmbedded ? `, started here; its database is in ${welcome.stateFolder}` : ''}`;
  return [
    'Paramedic is running.',
    '',
    `  cluster    ${welcome.clusterName} (${welcome.clusterUrl})`,
    `  mode       ${modeText(welcome.runbooks)}`,
    ...(welcome.isWatching ? ['  watching   pods, workloads, runs, model servers and nodes of the cluster'] : []),
    `  alerts     POST ${welcome.gatewayUrl}/alerts/alertmanager`,
    `  secret     ${secretText(welcome.needsSecret, secretFile)}`,
    `  status     ${welcome.gatewayUrl}/status`,
    `  incidents  ${uiUrl ?? 'in the Web UI of your Temporal'}, or "paramedic incidents list"`,
    `  temporal   ${temporal}`,
    `  health     ${welcome.gatewayUrl}/readyz, figures at ${welcome.gatewayUrl}/metrics`,
    '',
    ...receiverText(welcome),
    'Ctrl-C ends it; incidents go on where they were at the next start.',
    '',
  ].join('\n');
}

function modeText(runbooks: Welcome['runbooks']): string {
  const inMode = (wanted: Runbook['mode']) => runbooks.filter(({ mode }) => mode === wanted).map(({ name }) => name);
  const [acting, asking, observing, off] = [inMode('auto'), inMode('approve'), inMode('observe'), inMode('off')];
  if (observing.length === runbooks.length) return 'observe: nothing is changed; incidents say what would be done (--auto acts)';
  if (acting.length === runbooks.length) return 'auto: every runbook acts';
  if (asking.length === runbooks.length) return 'approve: a person is asked before each act';
  return [
    ...(acting.length > 0 ? [`auto for ${acting.join(', ')}`] : []),
    ...(asking.length > 0 ? [`approve for ${asking.join(', ')}, which ask a person before each act`] : []),
    ...(off.length > 0 ? [`off for ${off.join(', ')}`] : []),
    ...(observing.length > 0 ? ['the others observe'] : []),
  ].join('; ');
}

function secretText(needsSecret: boolean, file: string | null): string {
  if (!needsSecret) return 'none: everybody on this machine may send alerts';
  return file === null ? 'the one in PARAMEDIC_GATEWAY_SECRET' : `in ${file}`;
}

/** A receiver to copy into Alertmanager's configuration. */
function receiverText({ gatewayUrl, secretFile, needsSecret }: Welcome): string[] {
  return [
    'Tell Alertmanager, in alertmanager.yml:',
    '',
    '  receivers:',
    '    - name: paramedic',
    '      webhook_configs:',
    `        - url: ${gatewayUrl}/alerts/alertmanager`,
    '          send_resolved: true',
    ...(needsSecret ? [`          http_config: { authorization: { credentials_file: ${secretFile ?? 'FILE-WITH-THE-SECRET'} } }`] : []),
    '',
  ];
}
