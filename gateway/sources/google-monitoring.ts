import { z } from 'zod';
import { fingerprintOf } from './identity.ts';
import { instantAt } from './instant.ts';
import { joined, type Labels, labelsFrom, underOurNames } from './labels.ts';
import type { Lock } from './locks/lock.ts';
import { readBodyAs } from './read-json-body.ts';
import { type AlertSource, alertsRead, type Reading } from './source.ts';

const BODY_BYTES_MAX = 2 ** 20;

/** Labels of monitored resources, and what is called so here. */
const OUR_NAMES: Labels = {
  namespace_name: 'namespace',
  pod_name: 'pod',
  container_name: 'container',
  node_name: 'node',
  cluster_name: 'cluster',
};
/** The kinds of controllers above a pod, and the labels that name them. */
const CONTROLLERS: Labels = {
  Deployment: 'deployment',
  StatefulSet: 'statefulset',
  DaemonSet: 'daemonset',
  Job: 'job_name',
  CronJob: 'cronjob',
};

const labels = z.record(z.string(), z.unknown()).nullish().catch(null);

/** The fields used of a notification, whose versions add others. */
const Notification = z.object({
  incident: z.object({
    incident_id: z.string().min(1),
    scoping_project_id: z.string().default(''),
    state: z.enum(['open', 'closed']),
    started_at: z.number().nullish(),
    summary: z.string().nullish(),
    policy_name: z.string().min(1),
    condition_name: z.string().nullish(),
    severity: z.string().nullish(),
    resource: z.object({ type: z.string().optional(), labels }).nullish().catch(null),
    metric: z.object({ labels }).nullish().catch(null),
    metadata: z.object({ system_labels: labels, user_labels: labels }).nullish().catch(null),
    policy_user_labels: labels,
  }),
});

/** Alerting policies of Google Cloud Monitoring, by a webhook notification channel. */
export function googleMonitoring(lock: Lock): AlertSource {
  return { name: 'Google Cloud Monitoring', lock, bodyBytesMax: BODY_BYTES_MAX, read };
}

function read(body: Buffer): Reading {
  const notification = readBodyAs(Notification, body, 'a notification of Google Cloud Monitoring');
  if (notification.kind === 'fault') return notification;
  const { incident } = notification.value;
  return alertsRead([
    {
      name: labelsFrom({ name: incident.policy_name }).name ?? '',
      status: incident.state === 'open' ? 'firing' : 'resolved',
      fingerprint: fingerprintOf('google', incident.scoping_project_id, incident.incident_id),
      labels: labelsOfIncident(incident),
      annotations: labelsFrom({ summary: incident.summary, condition: incident.condition_name }),
      startsAt: typeof incident.started_at === 'number' ? instantAt(incident.started_at * 1_000) : undefined,
    },
  ]);
}

function labelsOfIncident(incident: z.infer<typeof Notification>['incident']): Labels {
  const { resource, metric, metadata, policy_user_labels: ofPolicy, policy_name: alertname, severity } = incident;
  const system = labelsFrom(metadata?.system_labels);
  const kind = system.top_level_controller_type ?? '';
  const controller = Object.hasOwn(CONTROLLERS, kind) ? { [CONTROLLERS[kind]!]: system.top_level_controller_name ?? '' } : {};
  const all = [labelsFrom({ alertname, severity }), labelsFrom(resource?.labels), labelsFrom(controller), labelsFrom(metric?.labels)];
  return underOurNames(joined(...all, labelsFrom(ofPolicy), system, labelsFrom(metadata?.user_labels)), OUR_NAMES);
}
