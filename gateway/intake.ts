import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Cluster } from '../clients/cluster.ts';
import type { Alert } from '../incident/alert.ts';
import { DRILL_ALERT_LABEL } from '../incident/drill-ids.ts';
import { incidentWorkflowId } from '../incident/incident.ts';
import { escapeMarkdown } from '../incident/markdown.ts';
import { type Mode, modeFor } from '../incident/mode.ts';
import { redact } from '../incident/redact.ts';
import { type Target, targetText } from '../incident/target.ts';
import { limitLayers } from '../runbooks/layers.ts';
import type { LimitsFile } from '../runbooks/limits.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { runbookVersion } from '../runbooks/version.ts';
import type { Policy } from '../workflows/carried.ts';
import { alertResolved, alertsFired } from '../workflows/messages.ts';
import { incidentAttributes } from '../workflows/search-attributes.ts';
import { alertReader, plainFate, type ReadAlert } from './about.ts';
import { type OpenIncidents, openIncidentsOf } from './open-incidents.ts';
import { resolveTarget } from './resolve-target.ts';

const SAID_CHARACTERS_MAX = 500;
const SERIES_CHARACTERS_MAX = 2_000;

/** What became of one alert. */
export type Taken =
  | { readonly kind: 'joined'; readonly incident: string }
  | { readonly kind: 'resolved'; readonly incident: string }
  /** No incident, but a sign of life of the source it names. */
  | { readonly kind: 'alive'; readonly source: string }
  | Ignored;

/** An alert that nothing follows from. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly why: WhyIgnored;
  readonly reason: string;
}

/** The closed list of why an alert is left alone, for metrics; `reason` is the sentence for people. */
export type WhyIgnored = 'noRunbook' | 'off' | 'unknownTarget' | 'noFingerprint' | 'noOpenIncident' | 'watchdogSilent';

/** What intake needs: the policy, the cluster it speaks for, and where incidents live. */
export interface Intake {
  readonly runbooks: readonly Runbook[];
  readonly limits: LimitsFile;
  readonly cluster: string;
  readonly taskQueue: string;
  readonly kubernetes: Pick<Cluster, 'topmostOwner'>;
  readonly client: Pick<Client, 'workflow'>;
}

/** An incident as alerts belong to it: it is begun, or joined where it is open. */
export interface IncidentToJoin {
  readonly kind: 'incident';
  readonly runbook: Runbook;
  readonly target: Target;
  readonly workflowId: string;
}

/**
 * Starts or joins the incident an alert belongs to. Returns only when Temporal has it.
 * @throws when Temporal or Kubernetes cannot be asked, so that the sender sends again.
 */
export async function takeAlert(alert: Alert, intake: Intake): Promise<Taken> {
  const read = alertReader(intake.runbooks)(alert);
  const fate = await fateOf(read, intake, await openIncidentsOf(resolvedIn([read]), intake.client));
  return fate.kind === 'incident' ? joinIncident([alert], fate, intake) : fate;
}

/** Fingerprints of those alerts that are over, and whose incidents can be found by them. */
export function resolvedIn(alerts: readonly ReadAlert[]): string[] {
  return alerts.flatMap(({ alert: { status, fingerprint } }) => (status === 'resolved' && fingerprint !== '' ? [fingerprint] : []));
}

/** Whom the fate of an alert is asked of. */
type Asked = Pick<Intake, 'cluster' | 'kubernetes' | 'client'>;

/**
 * What becomes of an alert: the incident that it is to join, or what became of it already.
 * @param open where the alerts are that have joined an incident
 * @throws as `takeAlert` does
 */
export async function fateOf(read: ReadAlert, asked: Asked, open: OpenIncidents): Promise<IncidentToJoin | Taken> {
  return plainFate(read) ?? (read.alert.status === 'resolved' ? resolveAlert(read, asked, open) : incidentOf(read, asked));
}

/**
 * Starts or joins an incident with some alerts that belong to it, in one call. Returns only when Temporal has it.
 * @throws as `takeAlert` does
 */
export async function joinIncident(
  alerts: readonly [Alert, ...Alert[]],
  { runbook, target, workflowId }: IncidentToJoin,
  intake: Pick<Intake, 'limits' | 'taskQueue' | 'client'>,
): Promise<Taken> {
  const [alert] = alerts;
  const limits = limitLayers(intake.limits, runbook, target.namespace);
  const policy: Policy = { runbook, runbookVersion: runbookVersion(runbook), limits };
  await intake.client.workflow.signalWithStart(runbook.failureType, {
    workflowId,
    taskQueue: intake.taskQueue,
    args: [{ target, ...policy }],
    signal: alertsFired,
    signalArgs: [alerts.map(forHistory), policy],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    // Findable by the resolution at once, before the workflow's first task.
    typedSearchAttributes: [
      { key: incidentAttributes.alerts, value: alerts.map(({ fingerprint }) => fingerprint) },
      ...(alerts.some(({ labels }) => labels[DRILL_ALERT_LABEL]) ? [{ key: incidentAttributes.drill, value: true }] : []),
    ],
    staticSummary: `${alert.name}: ${targetText(target)}`,
    staticDetails: detailsOf(alert, runbook.name, modeFor(runbook, target.namespace, null)),
  });
  return { kind: 'joined', incident: workflowId };
}

/** What the Web UI says of the incident's beginning, whatever becomes of it. */
function detailsOf({ annotations, startsAt }: Alert, runbook: string, mode: Mode): string {
  const said = redact(annotations.summary ?? annotations.description ?? annotations.message ?? '', SAID_CHARACTERS_MAX);
  return [
    `Runbook \`${runbook}\`, mode \`${mode}\`.`,
    ...(startsAt ? [`The alert fires since ${escapeMarkdown(startsAt)}.`] : []),
    ...(said ? [`It says: ${escapeMarkdown(said)}`] : []),
  ].join('\n\n');
}

/** The alert as it may stand in an incident's history, which many can read for long. */
export function forHistory(alert: Alert): Alert {
  // With its name before it, so that a text is also known as a secret by what it is called.
  const clean = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, redact(`${name}: ${text}`, SAID_CHARACTERS_MAX).slice(name.length + 2)]),
    );
  const { series, expression: _, ...kept } = alert;
  return {
    ...kept,
    labels: clean(alert.labels),
    annotations: clean(alert.annotations),
    ...(series ? { series: { ...series, query: redact(series.query, SERIES_CHARACTERS_MAX) } } : {}),
  };
}

/** The incident an alert is about, by runbook and target. */
async function incidentOf({ alert, about }: ReadAlert, { cluster, kubernetes }: Asked): Promise<IncidentToJoin | Ignored> {
  if ('why' in about) return about;
  const resolved = await resolveTarget(about.subject, cluster, kubernetes);
  if ('unknown' in resolved) return { kind: 'ignored', why: 'unknownTarget', reason: resolved.unknown };
  const { target } = resolved;
  const runbook = about.runbooks.get(target.kind);
  if (runbook && modeFor(runbook, target.namespace, null) === 'off')
    return { kind: 'ignored', why: 'off', reason: `The runbook ${runbook.name} is off for the namespace ${target.namespace}.` };
  if (runbook) return { kind: 'incident', runbook, target, workflowId: incidentWorkflowId(runbook.failureType, target) };
  return { kind: 'ignored', why: 'noRunbook', reason: `No runbook matches the alert "${alert.name}" for a target of kind ${target.kind}.` };
}

/**
 * A resolution finds its incident by fingerprint: after a cure the pod it names is often gone. An alert that joined a moment ago
 * cannot be found so yet, and is by its target.
 */
async function resolveAlert(read: ReadAlert, asked: Asked, open: OpenIncidents): Promise<Taken> {
  const { alert } = read;
  for (const workflowId of open.get(alert.fingerprint) ?? [])
    if (await tellResolved(alert, workflowId, asked)) return { kind: 'resolved', incident: workflowId };
  const incident = await incidentOf(read, asked);
  if (incident.kind === 'incident' && (await tellResolved(alert, incident.workflowId, asked)))
    return { kind: 'resolved', incident: incident.workflowId };
  return { kind: 'ignored', why: 'noOpenIncident', reason: 'Resolved, and no incident is open.' };
}

/** False when the incident is not open. */
async function tellResolved(alert: Alert, workflowId: string, { client }: Asked): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).signal(alertResolved, forHistory(alert));
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
