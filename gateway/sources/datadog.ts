import { z } from 'zod';
import { fingerprintOf } from './identity.ts';
import { instantAt } from './instant.ts';
import { joined, type Labels, labelsFrom, underOurNames } from './labels.ts';
import type { Lock } from './locks/lock.ts';
import { readBodyAs } from './read-json-body.ts';
import { type AlertSource, alertsRead, type Reading } from './source.ts';

const BODY_BYTES_MAX = 2 ** 20;

/** Tags of Datadog's agent on Kubernetes, and what is called so here. */
const OUR_NAMES: Labels = {
  kube_namespace: 'namespace',
  kube_deployment: 'deployment',
  kube_stateful_set: 'statefulset',
  kube_daemon_set: 'daemonset',
  kube_cronjob: 'cronjob',
  kube_job: 'job_name',
  kube_argo_rollout: 'rollout',
  pod_name: 'pod',
  kube_container_name: 'container',
  kube_node: 'node',
  kube_cluster_name: 'cluster',
};

/** What a notification is about, by `$ALERT_TRANSITION`. */
const TRANSITIONS: Readonly<Record<string, 'firing' | 'resolved'>> = {
  Triggered: 'firing',
  'Re-Triggered': 'firing',
  Warn: 'firing',
  'Re-Warn': 'firing',
  Renotify: 'firing',
  Recovered: 'resolved',
};

/** A variable that means nothing for a monitor stands there as it was written. */
const said = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || /^\$[A-Z_]+$/.test(String(value)) ? '' : String(value)));

/** The payload that the webhook is to be given, as docs/sources.md has it. */
const Payload = z.object({
  id: said,
  monitor: said.refine((id) => id !== '', 'must be $ALERT_ID, of a monitor'),
  transition: said.refine((text) => text !== '', 'must be $ALERT_TRANSITION'),
  cycle: said,
  title: said,
  scope: said,
  tags: said,
  status: said,
  date: said,
});

/** Datadog's monitors, by its webhooks integration, whose payload is a template. */
export function datadog(lock: Lock): AlertSource {
  return { name: 'Datadog', lock, bodyBytesMax: BODY_BYTES_MAX, read };
}

function read(body: Buffer): Reading {
  const payload = readBodyAs(Payload, body, 'the payload that docs/sources.md asks Datadog for');
  if (payload.kind === 'fault') return payload;
  const { id, monitor, transition, cycle, title, scope, tags, status, date } = payload.value;
  const told = Object.hasOwn(TRANSITIONS, transition) ? TRANSITIONS[transition] : undefined;
  if (told === undefined) return { kind: 'nothing', reason: `What is taken are the transitions ${Object.keys(TRANSITIONS).join(', ')}.` };
  // Of what fires, the scope says more exactly than the tags what it is about.
  const labels = underOurNames(joined(labelsIn(scope), labelsIn(tags), labelsFrom({ alertname: nameIn(title) })), OUR_NAMES);
  const alert = {
    name: labels.alertname ?? '',
    status: told,
    fingerprint: fingerprintOf('datadog', monitor, cycle === '' ? scope : cycle),
    labels,
    annotations: labelsFrom({ summary: status }),
    startsAt: /^\d{10,16}$/.test(date) ? instantAt(Number(date)) : undefined,
  };
  return alertsRead([alert], id === '' ? null : `${id} ${transition}`);
}

/** Tags such as `kube_namespace:ml, kube_deployment:ranker`; of two with one name neither is told: which one is meant is not known. */
function labelsIn(tags: string): Labels {
  const pairs = tags.split(',').flatMap((tag) => {
    const parting = tag.indexOf(':');
    const name = tag.slice(0, Math.max(parting, 0)).trim();
    return name === '' ? [] : [[name, tag.slice(parting + 1).trim()] as const];
  });
  const counts = new Map<string, Set<string>>();
  for (const [name, value] of pairs) counts.set(name, (counts.get(name) ?? new Set()).add(value));
  return labelsFrom(Object.fromEntries(pairs.filter(([name]) => counts.get(name)?.size === 1)));
}

/** A title is the monitor's name after `[Triggered on {host:web-1}]`, or `[P2] [Triggered]`. */
function nameIn(title: string): string {
  return title
    .slice(0, TITLE_CHARACTERS_MAX)
    .replace(/^(\s*\[[^\]]*\])+/, '')
    .trim();
}

const TITLE_CHARACTERS_MAX = 1_000;
