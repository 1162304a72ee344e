import { createHash } from 'node:crypto';
import type { ModelRecordKeeper } from '../../clients/model-records.ts';
import type { Alert } from '../../incident/alert.ts';
import { isOwnDoing, names } from '../../incident/models/model-facts.ts';
import { serversOf } from '../../incident/models/served-spans.ts';
import { targetOf } from '../../incident/target.ts';
import { type Intake, takeAlert } from '../intake.ts';
import { labelsOf } from '../resolve-target.ts';

/** The alert that a version is raised by which serves and was found bad in its registry. */
const REJECTED_ALERT = 'ModelVersionRejected';

/** What a registry tells of a model. */
export type ModelEvent = { readonly registry: string; readonly model: string } & (
  | {
      readonly kind: 'aliasMoved';
      readonly alias: string /** Null where it does not say. */;
      readonly version: string | null;
      readonly atMs: number;
    }
  /** Somebody marked the version as bad. @property why as the registry has it, such as `validation_status=failed` */
  | { readonly kind: 'rejected'; readonly version: string; readonly why: string }
  /** It is not marked so any more. */
  | { readonly kind: 'acceptedAgain'; readonly version: string }
);

/** What became of an event. */
export type EventTaken =
  | { readonly kind: 'told' }
  | { readonly kind: 'alerts'; readonly incidents: readonly string[] }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Where events are brought to. */
export interface EventTakers {
  readonly intake: Intake;
  readonly records: ModelRecordKeeper;
}

/**
 * Tells a model's record of a promotion by a person, and raises an alert about a version that serves and was found bad. What Paramedic wrote
 * itself a moment ago comes back from the registry as an event, and is left alone.
 * @throws when Temporal or Kubernetes cannot be asked, so that the registry sends again
 */
export async function takeModelEvent(event: ModelEvent, { intake, records }: EventTakers): Promise<EventTaken> {
  const { registry, model, version } = event;
  const of = { cluster: intake.cluster, registry, model };
  if (event.kind === 'aliasMoved') {
    const serving = intake.runbooks.map((runbook) => runbook.model.servingAlias);
    if (!serving.includes(event.alias)) return ignored(`The alias ${event.alias} is no runbook's servingAlias.`);
    const isKept = await records.tellIfKept(of, [{ kind: 'aliasMoved', version, atMs: event.atMs }]);
    return isKept ? { kind: 'told' } : notServed(model);
  }
  const record = await records.kept(of);
  if (record === null) return notServed(model);
  if (event.kind === 'rejected' && isOwnDoing(record, { what: 'quarantine', version }, Date.now()))
    return ignored(`Paramedic itself quarantined version ${version} of ${model}.`);
  const servers =
    event.kind === 'rejected'
      ? serversOf(record, event.version)
      : [...new Set(record.seen.filter((one) => names(event.version, one)).map(({ server }) => server))];
  const alerts = servers.flatMap((server) => alertOf(event, server, intake.cluster) ?? []);
  if (alerts.length === 0) return ignored(`No server is known to serve version ${version} of ${model}.`);
  const taken = await Promise.all(alerts.map((alert) => takeAlert(alert, intake)));
  const incidents = taken.flatMap((one) => (one.kind === 'joined' || one.kind === 'resolved' ? [one.incident] : []));
  const [first] = taken;
  return incidents.length === 0 && first?.kind === 'ignored' ? ignored(first.reason) : { kind: 'alerts', incidents };
}

function alertOf(event: Exclude<ModelEvent, { kind: 'aliasMoved' }>, server: string, cluster: string): Alert | null {
  const target = targetOf(cluster, server);
  if (target === null) return null;
  const { registry, model, version } = event;
  const identity = [REJECTED_ALERT, cluster, registry, model, version, server].join('\n');
  return {
    name: REJECTED_ALERT,
    status: event.kind === 'rejected' ? 'firing' : 'resolved',
    fingerprint: createHash('sha256').update(identity).digest('hex').slice(0, 16),
    labels: { alertname: REJECTED_ALERT, ...labelsOf(target), model, version },
    annotations: event.kind === 'rejected' ? { summary: `Version ${version} of ${model}, which serves, is marked ${event.why}.` } : {},
  };
}

function notServed(model: string): EventTaken {
  return ignored(`No server of this cluster was seen with the model ${model}.`);
}

function ignored(reason: string): EventTaken {
  return { kind: 'ignored', reason };
}
