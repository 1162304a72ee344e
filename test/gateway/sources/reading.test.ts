import { describe, expect, it } from '@jest/globals';
import { subjectOf } from '../../../gateway/resolve-target.ts';
import { alertsIn, reading, SOURCES, WORDS, type Word } from './all-sources.ts';
import { ALERTMANAGER, CLOUD_EVENT, DATADOG, GOOGLE_MONITORING, GRAFANA, MAPPED, PAGERDUTY } from './samples.ts';

const pagerDuty = (event: object, data: object = {}) => ({
  event: { ...PAGERDUTY.event, ...event, data: { ...PAGERDUTY.event.data, ...data } },
});
const google = (incident: object) => ({ incident: { ...GOOGLE_MONITORING.incident, ...incident } });
const inGroup = (group: typeof ALERTMANAGER | typeof GRAFANA, alert: object) => ({ ...group, alerts: [{ ...group.alerts[0], ...alert }] });
const check = (change: object) => ({ ...MAPPED, results: [{ ...MAPPED.results[0], ...change }] });

/** The same failure, begun and over, as each source tells it. */
const OVER: Readonly<Record<Word, object>> = {
  alertmanager: inGroup(ALERTMANAGER, { status: 'resolved', endsAt: '2026-03-01T10:05:00Z' }),
  grafana: inGroup(GRAFANA, { status: 'resolved', values: null }),
  pagerduty: pagerDuty({ id: '01CH754SM18', event_type: 'incident.resolved' }, { status: 'resolved', resolve_reason: 'done' }),
  cloudevents: { ...CLOUD_EVENT, id: 'b1f2-8', type: 'dev.paramedic.drift.over', data: { feature: 'age', value: 0.1 } },
  'google-monitoring': google({ state: 'closed', ended_at: 1_772_359_900, summary: 'Back to normal.' }),
  datadog: { ...DATADOG, id: '2', transition: 'Recovered', title: '[Recovered on {kube_deployment:ranker}] KubePodCrashLooping' },
  'nightly-checks': check({ state: 'passed' }),
};

/** Another failure of the same kind. */
const OTHER: Readonly<Record<Word, object>> = {
  alertmanager: inGroup(ALERTMANAGER, { fingerprint: 'aaaa' }),
  grafana: inGroup(GRAFANA, { fingerprint: 'aaaa' }),
  pagerduty: pagerDuty({}, { id: 'POTHER1' }),
  cloudevents: { ...CLOUD_EVENT, subject: 'ml/InferenceService/credit' },
  'google-monitoring': google({ incident_id: '0.other' }),
  datadog: { ...DATADOG, cycle: '99' },
  'nightly-checks': check({ table: 'loans' }),
};

describe.each(WORDS)('what %s is documented to send', (word) => {
  it('is an alert about one resource', async () => {
    const [alert, ...more] = await alertsIn(word);
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ status: 'firing', fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(alert?.startsAt).toMatch(/^2026-03-01T10:00:0/);
    expect(subjectOf(alert!)).toMatchObject({ namespace: 'ml' });
  });

  it('has the same fingerprint when it is over, and another one for another failure', async () => {
    const [[alert], [over], [other]] = await Promise.all([alertsIn(word), alertsIn(word, OVER[word]), alertsIn(word, OTHER[word])]);
    expect(over).toMatchObject({ status: 'resolved', fingerprint: alert!.fingerprint, name: alert!.name });
    expect(other!.fingerprint).not.toBe(alert!.fingerprint);
  });

  it('may have fields that nobody here knows', async () => {
    const sample = { ...SOURCES[word].sample, something_new: { of: ['a', 'newer', 1] } };
    expect(await alertsIn(word, sample)).toEqual(await alertsIn(word));
  });
});

describe('an alert of', () => {
  it('Alertmanager has its labels, and what its rule compares', async () => {
    expect(await alertsIn('alertmanager')).toEqual([
      {
        name: 'KubePodCrashLooping',
        status: 'firing',
        fingerprint: 'c6eadffa33fcdf37',
        labels: ALERTMANAGER.alerts[0]!.labels,
        annotations: { summary: 'Pod is crash looping.' },
        startsAt: '2026-03-01T10:00:00.123Z',
        expression: 'rate(restarts[5m]) > 0.5',
        series: { query: 'rate(restarts[5m])', threshold: '> 0.5' },
      },
    ]);
  });

  it('Grafana has its labels, and a time of the whole world’s', async () => {
    expect(await alertsIn('grafana')).toMatchObject([
      {
        name: 'Inference latency',
        labels: { inferenceservice: 'churn' },
        startsAt: '2026-03-01T10:00:00.157Z',
        fingerprint: 'bc97ff14869b13e3',
      },
    ]);
  });

  it('PagerDuty is named by the incident’s key', async () => {
    const [alert] = await alertsIn('pagerduty');
    expect(alert).toMatchObject({ name: 'KubePodCrashLooping', annotations: { summary: 'ranker is crash looping' } });
    expect(alert?.labels).toEqual({ alertname: 'KubePodCrashLooping', namespace: 'ml', deployment: 'ranker', service: 'Ranking' });
  });

  it.each([
    ['details of its body', { body: { type: 'incident_body', details: { alertname: 'A', namespace: 'ml', pod: 'x' } } }],
    ['custom details', { custom_details: { alertname: 'A', namespace: 'ml', pod: 'x' } }],
    [
      'custom fields',
      { custom_fields: Object.entries({ alertname: 'A', namespace: 'ml', pod: 'x' }).map(([name, value]) => ({ name, value })) },
    ],
  ])('PagerDuty is named by %s as well, which say more than its key', async (_what, data) => {
    const [alert] = await alertsIn('pagerduty', pagerDuty({}, { incident_key: 'd3640fbd41094207a1c11e58e46b1662', ...data }));
    expect(alert).toMatchObject({ name: 'A', labels: { alertname: 'A', namespace: 'ml', pod: 'x' } });
  });

  it('PagerDuty that nobody said anything of has its title, and names no resource', async () => {
    const [alert] = await alertsIn('pagerduty', pagerDuty({}, { incident_key: 'd3640fbd41094207a1c11e58e46b1662' }));
    expect(alert?.labels).toEqual({ alertname: 'ranker is crash looping', service: 'Ranking' });
  });

  it.each(['incident.acknowledged', 'incident.annotated', 'service.updated', 'pagey.ping', '__proto__'])(
    'PagerDuty is none where the event is %s',
    async (type) => {
      expect(await reading('pagerduty', pagerDuty({ event_type: type }))).toMatchObject({ kind: 'nothing' });
    },
  );

  it('Google Cloud Monitoring has the names that a target is told by', async () => {
    const [alert] = await alertsIn('google-monitoring');
    expect(alert).toMatchObject({
      name: 'KubePodCrashLooping',
      labels: {
        namespace: 'ml',
        pod: 'ranker-x',
        deployment: 'ranker',
        cluster: 'prod-eu',
        container: 'r',
        team: 'ml',
        severity: 'Critical',
      },
      startsAt: '2026-03-01T10:00:00.000Z',
    });
  });

  it('Google Cloud Monitoring names an endpoint of Vertex AI as it is', async () => {
    const [alert] = await alertsIn(
      'google-monitoring',
      google({ metadata: null, resource: { type: 'aiplatform.googleapis.com/Endpoint', labels: { endpoint_id: '123' } } }),
    );
    expect(subjectOf(alert!)).toEqual({ namespace: null, kind: 'VertexEndpoint', name: '123' });
  });

  it('Datadog has the names that a target is told by, of its scope before its tags', async () => {
    const [alert] = await alertsIn('datadog', { ...DATADOG, tags: 'kube_deployment:another,team:ml' });
    expect(alert).toMatchObject({ name: 'KubePodCrashLooping', labels: { namespace: 'ml', deployment: 'ranker', team: 'ml' } });
  });

  it('Datadog names no resource by a tag that is there twice (safety 11)', async () => {
    const [alert] = await alertsIn('datadog', { ...DATADOG, scope: '', tags: 'kube_namespace:ml,kube_deployment:a,kube_deployment:b' });
    expect(alert?.labels).toEqual({ alertname: 'KubePodCrashLooping', kube_namespace: 'ml', namespace: 'ml' });
  });

  it.each(['No Data', 'Re-No Data', 'constructor'])('Datadog is none where the transition is %s', async (transition) => {
    expect(await reading('datadog', { ...DATADOG, transition })).toMatchObject({ kind: 'nothing' });
  });

  it('Datadog is told from another one by its scope where there is no cycle', async () => {
    const read = async (scope: string) => (await alertsIn('datadog', { ...DATADOG, cycle: '$ALERT_CYCLE_KEY', scope }))[0]!.fingerprint;
    expect(await read('host:a')).toBe(await read('host:a'));
    expect(await read('host:a')).not.toBe(await read('host:b'));
  });

  it('a mapped source is what its mapping says, and nothing that it leaves out', async () => {
    expect(await reading('nightly-checks')).toMatchObject({
      once: 'run-7',
      alerts: [
        {
          name: 'DataQualityViolation',
          labels: { alertname: 'DataQualityViolation', namespace: 'ml', cronjob: 'load-applicants', quality_kind: 'volume' },
          annotations: { summary: 'Half as many rows as yesterday.' },
        },
      ],
    });
  });

  it('a mapped source is none where its status is neither', async () => {
    expect(await alertsIn('nightly-checks', check({ state: 'skipped' }))).toEqual([]);
  });
});

describe('a CloudEvent', () => {
  const { data, datacontenttype: _, ...attributes } = CLOUD_EVENT;
  const binary = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, [encodeURIComponent(value)]]));
  const json = { 'content-type': ['application/json'] };

  it('about drift is the alert of data quality, and its target the subject', async () => {
    expect(await alertsIn('cloudevents')).toEqual([
      {
        name: 'DataDriftDetected',
        status: 'firing',
        fingerprint: expect.any(String),
        labels: {
          alertname: 'DataDriftDetected',
          ...{ namespace: 'ml', inferenceservice: 'churn', model: 'churn', feature: 'age', value: '0.42', threshold: '> 0.3' },
        },
        annotations: { summary: 'The age of applicants drifts.' },
        startsAt: '2026-03-01T10:00:00.000Z',
      },
    ]);
  });

  it('is the same one structured, binary, in a batch and in base64', async () => {
    const structured = await reading('cloudevents');
    const inBase64 = { ...attributes, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') };
    expect(await reading('cloudevents', data, { ...binary, ...json })).toEqual(structured);
    expect(await reading('cloudevents', [CLOUD_EVENT], { 'content-type': ['application/cloudevents-batch+json; charset=utf-8'] })).toEqual(
      structured,
    );
    expect(await reading('cloudevents', inBase64)).toEqual(structured);
  });

  it('of another source with the same id is another one', async () => {
    const [one, other] = [await reading('cloudevents'), await reading('cloudevents', { ...CLOUD_EVENT, source: '/monitors/b' })];
    expect(one).not.toMatchObject({ once: (other as { once: string }).once });
  });

  it('about any alert says which in its data', async () => {
    const alert = { ...CLOUD_EVENT, type: 'dev.paramedic.alert.firing', subject: null };
    const data = {
      alertname: 'KubePodCrashLooping',
      labels: { namespace: 'ml', pod: 'x' },
      annotations: { summary: 's' },
      fingerprint: 'ab12',
    };
    expect(await alertsIn('cloudevents', { ...alert, data })).toMatchObject([
      { name: 'KubePodCrashLooping', fingerprint: 'ab12', labels: { namespace: 'ml', pod: 'x' }, annotations: { summary: 's' } },
    ]);
    expect(await reading('cloudevents', { ...alert, data: {} })).toEqual({
      kind: 'fault',
      fault: 'The event b1f2-7 of the type dev.paramedic.alert.firing has no data.alertname.',
    });
  });

  it('of two features is two alerts', async () => {
    const [age, income] = await Promise.all(
      ['age', 'income'].map((feature) => alertsIn('cloudevents', { ...CLOUD_EVENT, data: { feature } })),
    );
    expect(age![0]!.fingerprint).not.toBe(income![0]!.fingerprint);
  });

  it('of a type that is about no alert is left alone', async () => {
    expect(await reading('cloudevents', { ...CLOUD_EVENT, type: 'com.example.order' })).toMatchObject({ kind: 'nothing' });
  });

  it.each([
    [
      'with no mode',
      {},
      'The request is no CloudEvent: it has neither the Content-Type application/cloudevents+json nor the header ce-specversion.',
    ],
    ['with two content types', { 'content-type': ['a/b', 'c/d'] }, 'The request has Content-Type more than once.'],
    [
      'in another format',
      { 'content-type': ['application/cloudevents+avro'] },
      'Of the formats of events JSON is taken: application/cloudevents+json.',
    ],
    ['with an attribute twice', { ...binary, 'ce-id': ['a', 'b'] }, 'The request has ce-id more than once.'],
    ['escaped wrongly', { ...binary, 'ce-id': ['%zz'] }, 'The header ce-id is not escaped as CloudEvents asks for.'],
    [
      'with no id',
      Object.fromEntries(Object.entries(binary).filter(([name]) => name !== 'ce-id')),
      'The headers are of no CloudEvent: id: Invalid input: expected string, received undefined.',
    ],
    ['of another version', { ...binary, 'ce-specversion': ['0.3'] }, 'The headers are of no CloudEvent: specversion: must be 1.0.'],
  ])('%s is refused', async (_what, headers, fault) => {
    expect(await reading('cloudevents', data, headers as never)).toEqual({ kind: 'fault', fault });
  });
});

it.each([
  [
    'alertmanager',
    { ...ALERTMANAGER, alerts: [{ labels: {} }] },
    'The body is not an Alertmanager webhook of version 4: alerts.0.status: Invalid option: expected one of "firing"|"resolved".',
  ],
  [
    'grafana',
    { ...GRAFANA, alerts: null },
    'The body is not a webhook of Grafana’s alerting: alerts: Invalid input: expected array, received null.',
  ],
  ['pagerduty', {}, 'The body is not a webhook of PagerDuty of version 3: event: Invalid input: expected object, received undefined.'],
  [
    'pagerduty',
    { event: { ...PAGERDUTY.event, data: {} } },
    'The body is not a webhook of PagerDuty of version 3: event.data.id: Invalid input: expected string, received undefined.',
  ],
  [
    'google-monitoring',
    google({ state: 'ajar' }),
    'The body is not a notification of Google Cloud Monitoring: incident.state: Invalid option: expected one of "open"|"closed".',
  ],
  [
    'datadog',
    { ...DATADOG, monitor: '$ALERT_ID' },
    'The body is not the payload that docs/sources.md asks Datadog for: monitor: must be $ALERT_ID, of a monitor.',
  ],
  ['nightly-checks', check({ rule: {} }), 'Alert 0 of the body has no name at "$.rule.name".'],
  ['nightly-checks', check({ table: undefined }), 'Alert 0 of the body has no identity at $.table.'],
  ['nightly-checks', Buffer.from('{"a":'), 'The body is not JSON.'],
  ['datadog', Buffer.from([0x7b, 0xff]), 'The body is not JSON: it is not UTF-8.'],
  ['datadog', Buffer.from(' '), 'The body is not JSON: it is empty.'],
  ['datadog', Buffer.from('[1 2]'), 'The body is not JSON: it breaks at line 1 column 4.'],
  ['datadog', Buffer.from('['.repeat(100_000)), 'The body is nested more than 64 deep.'],
] as const)('what is wrong with a body of %s is said with its place', async (word, body, fault) => {
  expect(await reading(word, body)).toEqual({ kind: 'fault', fault });
});
