import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertSources } from '../../../cli/processes/alert-sources.ts';
import { parseSources } from '../../../runbooks/load.ts';
import { OWN_SOURCES, SourcesFile } from '../../../runbooks/sources.ts';
import { parseSettings, readSettings } from '../../../worker/settings.ts';
import { MAPPING } from './samples.ts';

const [SECRET, PAIR] = ['a-secret-of-enough-length', 'user:a-password-of-enough-length'];
const NONE = SourcesFile.parse({});

let pem: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-'));
  pem = join(folder, 'x.pem');
  writeFileSync(pem, '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is asked for at the doors that are open. */
function asked(environment: Record<string, string>, file = NONE): Record<string, string> {
  const all = alertSources(readSettings({ PARAMEDIC_GATEWAY_SECRET: SECRET, ...environment }), file, environment);
  return Object.fromEntries(Object.entries(all).flatMap(([word, source]) => ('opensBy' in source ? [] : [[word, source.lock.asks]])));
}

describe('the sources of alerts', () => {
  it('are Alertmanager alone where nothing opens the others, which say what would', () => {
    const all = alertSources(readSettings({ PARAMEDIC_GATEWAY_SECRET: SECRET }), NONE, {});
    expect(Object.keys(all)).toEqual([...OWN_SOURCES]);
    expect(all.alertmanager).toMatchObject({ name: 'Alertmanager' });
    expect(all.grafana).toEqual({
      opensBy: 'Nothing is taken at /alerts/grafana: PARAMEDIC_GRAFANA_SECRET, _TOKEN or _BASIC is not set; see docs/sources.md.',
    });
    for (const word of OWN_SOURCES.slice(1)) expect(all[word]).toEqual({ opensBy: expect.stringContaining('PARAMEDIC_') });
  });

  it.each([
    [{ PARAMEDIC_GRAFANA_SECRET: SECRET }, 'grafana', 'a signature with PARAMEDIC_GRAFANA_SECRET in "x-grafana-alerting-signature"'],
    [
      { PARAMEDIC_GRAFANA_SECRET: SECRET, PARAMEDIC_GRAFANA_TOKEN: SECRET, PARAMEDIC_GRAFANA_TIMESTAMP_HEADER: 'X-At' },
      'grafana',
      '"Authorization: Bearer <PARAMEDIC_GRAFANA_TOKEN>" and a signature with PARAMEDIC_GRAFANA_SECRET in "x-grafana-alerting-signature" and "x-at"',
    ],
    [{ PARAMEDIC_PAGERDUTY_SECRET: SECRET }, 'pagerduty', 'a signature with PARAMEDIC_PAGERDUTY_SECRET in "x-pagerduty-signature"'],
    [{ PARAMEDIC_CLOUDEVENTS_TOKEN: SECRET }, 'cloudevents', '"Authorization: Bearer <PARAMEDIC_CLOUDEVENTS_TOKEN>"'],
    [{ PARAMEDIC_GOOGLE_MONITORING_TOKEN: SECRET }, 'google-monitoring', '"?auth_token=<PARAMEDIC_GOOGLE_MONITORING_TOKEN>"'],
    [{ PARAMEDIC_GOOGLE_MONITORING_BASIC: PAIR }, 'google-monitoring', 'HTTP Basic authentication with PARAMEDIC_GOOGLE_MONITORING_BASIC'],
    [{ PARAMEDIC_DATADOG_TOKEN: SECRET }, 'datadog', '"Authorization: Bearer <PARAMEDIC_DATADOG_TOKEN>"'],
  ] as const)('with %j are taken from %s, which must show %s', (environment, word, asks) => {
    expect(asked(environment)).toEqual({ alertmanager: '"Authorization: Bearer <PARAMEDIC_GATEWAY_SECRET>"', [word]: asks });
  });

  it('of sources.yaml must show what it says, with the secret of the environment', () => {
    const file = parseSources('sources.yaml', MAPPING).sources;
    expect(asked({ PARAMEDIC_SOURCE_NIGHTLY_CHECKS: SECRET }, file)['nightly-checks']).toBe(
      '"Authorization: Bearer <PARAMEDIC_SOURCE_NIGHTLY_CHECKS>"',
    );
    expect(() => asked({}, file)).toThrow(
      'PARAMEDIC_SOURCE_NIGHTLY_CHECKS: is not set; it must be what the source shows, of at least 16 characters (source "nightly-checks" of sources.yaml)',
    );
    expect(() => asked({ PARAMEDIC_SOURCE_NIGHTLY_CHECKS: 'hush' }, file)).toThrow(/^(?!.*hush)/s);
  });

  it('may show a client certificate in the place of a secret, and then need no secret', () => {
    const tls = { PARAMEDIC_GATEWAY_TLS_CERT_FILE: pem, PARAMEDIC_GATEWAY_TLS_KEY_FILE: pem, PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE: pem };
    const clients = { ...tls, PARAMEDIC_GATEWAY_CLIENTS: 'alertmanager=am.svc, datadog=dd.svc', PARAMEDIC_GATEWAY_SECRET: '' };
    const certificate = 'a client certificate for a name of PARAMEDIC_GATEWAY_CLIENTS';
    expect(asked(clients)).toEqual({ alertmanager: certificate, datadog: certificate });
    expect(asked({ ...clients, PARAMEDIC_DATADOG_TOKEN: SECRET }).datadog).toBe(
      `${certificate}, or "Authorization: Bearer <PARAMEDIC_DATADOG_TOKEN>"`,
    );
    expect(() => asked({ ...clients, PARAMEDIC_GATEWAY_CLIENTS: 'alertmanager=am.svc,datdog=dd.svc' })).toThrow(
      'PARAMEDIC_GATEWAY_CLIENTS names the source "datdog"',
    );
  });

  it.each([
    [{ PARAMEDIC_GRAFANA_TIMESTAMP_HEADER: 'X-At' }, 'PARAMEDIC_GRAFANA_TIMESTAMP_HEADER: needs PARAMEDIC_GRAFANA_SECRET as well'],
    [
      { PARAMEDIC_GRAFANA_TOKEN: SECRET, PARAMEDIC_GRAFANA_BASIC: PAIR },
      'PARAMEDIC_GRAFANA_TOKEN: PARAMEDIC_GRAFANA_BASIC is set as well; keep one of the two',
    ],
    [{ PARAMEDIC_GATEWAY_CLIENTS: 'alertmanager=a' }, 'PARAMEDIC_GATEWAY_CLIENTS: needs PARAMEDIC_GATEWAY_TLS_CLIENT_CA_FILE as well'],
    [
      { PARAMEDIC_DATADOG_BASIC: 'user:short' },
      'PARAMEDIC_DATADOG_BASIC: must be user:password, one a line, each password of at least 16 characters',
    ],
    [{ PARAMEDIC_PAGERDUTY_SECRET: 'short' }, 'PARAMEDIC_PAGERDUTY_SECRET: each secret must have at least 16 characters'],
  ])('are not opened by %j', (environment, fault) => {
    expect(parseSettings(environment).faults).toEqual([fault]);
  });
});
