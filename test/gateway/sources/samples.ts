/** What each source is documented to send, written here from its documentation, with names of our own. */

/** Alertmanager 0.25 and newer, version 4 of its webhook. */
export const ALERTMANAGER = {
  version: '4',
  groupKey: '{}:{alertname="KubePodCrashLooping"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'paramedic',
  groupLabels: { alertname: 'KubePodCrashLooping' },
  commonLabels: { alertname: 'KubePodCrashLooping' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  notification_reason: 'first',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'KubePodCrashLooping', namespace: 'ml', pod: 'ranker-7d4b9-x2x9k', severity: 'warning' },
      annotations: { summary: 'Pod is crash looping.' },
      startsAt: '2026-03-01T10:00:00.123Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus:9090/graph?g0.expr=rate%28restarts%5B5m%5D%29+%3E+0.5&g0.tab=1',
      fingerprint: 'c6eadffa33fcdf37',
    },
  ],
};

/** Grafana 12's webhook contact point. */
export const GRAFANA = {
  receiver: 'Paramedic',
  status: 'firing',
  orgId: 1,
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'Inference latency', grafana_folder: 'ml', namespace: 'ml', inferenceservice: 'churn' },
      annotations: { summary: 'Latency of churn is high.' },
      startsAt: '2026-03-01T12:00:00.157076+02:00',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'https://grafana.example/alerting/grafana/1afz29v7z/view',
      fingerprint: 'bc97ff14869b13e3',
      silenceURL: 'https://grafana.example/alerting/silence/new?alertmanager=grafana',
      dashboardURL: '',
      panelURL: '',
      values: { B: 44.2, C: 1 },
      valueString: "[ var='B' labels={} value=44.2 ]",
    },
  ],
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'https://grafana.example/',
  version: '1',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
  title: '[FIRING:1]  ',
  state: 'alerting',
  message: '**Firing**',
};

const reference = (id: string, type: string, summary: string) => ({
  id,
  type,
  summary,
  self: `https://api.pagerduty.com/${id}`,
  html_url: null,
});

/** PagerDuty's webhook of version 3 about an incident; `incident_key` is what whoever opened it calls `dedup_key`. */
export const PAGERDUTY = {
  event: {
    id: '01CH754SM17TWPE4VCVBAXRGGM',
    event_type: 'incident.triggered',
    resource_type: 'incident',
    occurred_at: '2026-03-01T10:00:02.169Z',
    agent: reference('PLH1HKV', 'user_reference', 'Somebody'),
    client: { name: 'PagerDuty' },
    data: {
      id: 'PGR0VU2',
      type: 'incident',
      self: 'https://api.pagerduty.com/incidents/PGR0VU2',
      html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
      number: 2,
      status: 'triggered',
      incident_key: 'alertname=KubePodCrashLooping,namespace=ml,deployment=ranker',
      created_at: '2026-03-01T10:00:01Z',
      title: 'ranker is crash looping',
      service: reference('PF9KMXH', 'service_reference', 'Ranking'),
      assignees: [reference('PTUXL6G', 'user_reference', 'Somebody else')],
      escalation_policy: reference('PUS0KTE', 'escalation_policy_reference', 'Default'),
      teams: [reference('PFCVPS0', 'team_reference', 'Engineering')],
      priority: null,
      urgency: 'high',
      conference_bridge: null,
      resolve_reason: null,
    },
  },
};

/** A CloudEvent 1.0, structured, of Paramedic's own type for drift. */
export const CLOUD_EVENT = {
  specversion: '1.0',
  id: 'b1f2-7',
  source: '/monitors/churn',
  type: 'dev.paramedic.drift.detected',
  subject: 'ml/InferenceService/churn',
  time: '2026-03-01T10:00:00Z',
  datacontenttype: 'application/json',
  data: { model: 'churn', feature: 'age', value: 0.42, threshold: '> 0.3', summary: 'The age of applicants drifts.' },
};

/** Google Cloud Monitoring's webhook, version 1.2, of a policy on a container of GKE. */
export const GOOGLE_MONITORING = {
  version: '1.2',
  incident: {
    incident_id: '0.mw2vqh9x7dcz',
    scoping_project_id: 'ml-prod',
    scoping_project_number: 12345,
    url: 'https://console.cloud.google.com/monitoring/alerting/incidents/0.mw2vqh9x7dcz?project=ml-prod',
    started_at: 1_772_359_200,
    ended_at: null,
    state: 'open',
    severity: 'Critical',
    summary: 'Restart count for ml-prod ranker is above the threshold of 3 with a value of 5.',
    observed_value: '5.000',
    threshold_value: '3',
    resource_id: '',
    resource_name: 'ml-prod Kubernetes Container labels {…}',
    resource_type_display_name: 'Kubernetes Container',
    resource: {
      type: 'k8s_container',
      labels: {
        project_id: 'ml-prod',
        location: 'europe-west1',
        cluster_name: 'prod-eu',
        namespace_name: 'ml',
        pod_name: 'ranker-x',
        container_name: 'r',
      },
    },
    metric: { type: 'kubernetes.io/container/restart_count', displayName: 'Restart count', labels: {} },
    metadata: {
      system_labels: { top_level_controller_type: 'Deployment', top_level_controller_name: 'ranker' },
      user_labels: { app: 'ranker' },
    },
    policy_name: 'KubePodCrashLooping',
    policy_user_labels: { team: 'ml' },
    condition_name: 'Kubernetes Container - Restart count',
    condition: { name: 'projects/ml-prod/alertPolicies/1/conditions/2', displayName: 'Kubernetes Container - Restart count' },
    documentation: { content: '', mime_type: 'text/markdown' },
  },
};

/** Datadog's webhook with the payload of docs/sources.md, as its variables are replaced. */
export const DATADOG = {
  id: '7716548234011234567',
  monitor: '148275309',
  transition: 'Triggered',
  cycle: '7716548234055550000',
  title: '[Triggered on {kube_deployment:ranker,kube_namespace:ml}] KubePodCrashLooping',
  scope: 'kube_deployment:ranker,kube_namespace:ml',
  tags: 'kube_deployment:ranker,kube_namespace:ml,monitor,team:ml',
  status: 'max(last_5m):max:kubernetes.containers.restarts > 3.0',
  date: '1772359200000',
};

/** The file that maps the body below. */
export const MAPPING = `sources:
  nightly-checks:
    auth: { kind: bearer }
    alerts: $.results[?@.kind == 'check']
    name: $.rule.name
    status: { path: $.state, firing: [failed], resolved: [passed] }
    identity: [$.rule.id, $.table]
    labels: { namespace: $.where.namespace, cronjob: $.where.job, quality_kind: { value: volume } }
    annotations: { summary: $.says }
    startsAt: $.at
    once: $.run
`;
export const MAPPED = {
  run: 'run-7',
  results: [
    {
      kind: 'check',
      rule: { id: 12, name: 'DataQualityViolation' },
      table: 'applicants',
      state: 'failed',
      where: { namespace: 'ml', job: 'load-applicants' },
      says: 'Half as many rows as yesterday.',
      at: '2026-03-01T10:00:00Z',
    },
    { kind: 'note', rule: { id: 13, name: 'Nothing' }, state: 'failed' },
  ],
};
