import { createHash } from 'node:crypto';
import type { DrilledIncidents } from '../clients/drilled-incidents.ts';
import { Refused } from '../clients/failures.ts';
import { actsSeen } from '../drills/acts-seen.ts';
import { faultsOf } from '../drills/bounds.ts';
import { failingChecks } from '../drills/checks.ts';
import { endOf, remediesOf, WITH_PEOPLE } from '../drills/end-of.ts';
import { type Judgement, judge, type Played } from '../drills/judge.ts';
import { namedAnew } from '../drills/named-anew.ts';
import type { Packed } from '../drills/read-pack.ts';
import { Drill } from '../drills/schema.ts';
import { filled } from '../drills/variables.ts';
import type { Alert } from '../incident/alert.ts';
import { DRILL_ALERT_LABEL } from '../incident/drill-ids.ts';
import { incidentWorkflowId } from '../incident/incident.ts';
import { TARGET_KINDS } from '../incident/target.ts';
import { matchRunbook } from '../runbooks/match.ts';
import type { Runbook } from '../runbooks/schema.ts';
import { areSimulated, beatingPause, type DrillCluster, type DrillSite, requireLeave } from './drill-site.ts';
import { asActivityFailure } from './failures.ts';

const LOOK_EVERY_MS = 2_000;

/** What drills are told and judged by. */
export interface DrillParts extends DrillCluster {
  /** The drills there are. @throws with every fault of every file */
  readonly pack: () => readonly Packed<Drill>[];
  readonly runbooks: readonly Runbook[];
  readonly incidents: DrilledIncidents;
}

/** A drill that was asked for. */
export interface NamedDrill {
  readonly name: string;
  readonly drill: Drill;
}

/** The policy that is put to the test. */
export interface TestedRunbook extends Pick<Runbook, 'name' | 'mode' | 'settleSeconds' | 'verify'> {}

/** Whether a drill can be run. */
export type DrillPrepared =
  | { readonly kind: 'ready'; readonly drill: Drill; readonly runbook: TestedRunbook }
  | { readonly kind: 'cannot'; readonly why: string };

/** What a drill's incident is followed by. */
export interface FollowedDrill extends DrillSite {
  readonly incident: string;
  readonly beganMs: number;
  readonly untilMs: number;
  /** So long nothing is to happen where something is to be left alone. */
  readonly quietMs: number;
  /** Its alert is over: only its end is waited for. */
  readonly isOver: boolean;
}

/** How far an incident has come. `ended`: it is over. */
export interface DrillFollowed {
  readonly why: 'ended' | 'handedOver' | 'healed' | 'quiet' | 'timeIsUp';
  readonly handedOver: boolean;
}

/** What a drill is graded by. */
export interface GradedDrill extends DrillSite {
  readonly incident: string;
  readonly beganMs: number;
  readonly handedOver: boolean;
  readonly seconds: number | null;
  readonly specs: Readonly<Record<string, unknown>>;
}

/** The drill's marks, and what became of it. */
export interface DrillGrade extends Judgement, Omit<Played, 'writes'> {}

/** Chooses drills, tells of their faults, follows what becomes of them, and grades them. */
export function drillCourseActivities(parts: DrillParts) {
  const { objectsIn, incidents, runbooks } = parts;
  const nodes = () => objectsIn('').list('v1', 'Node');

  return {
    /** The drills of these names, or all that this cluster's nodes can do. @param asking also those that are handed over to people, where no names are given */
    chooseDrills(namespace: string, names: readonly string[] | null, asking: boolean): Promise<readonly NamedDrill[]> {
      return asActivityFailure(async () => {
        await requireLeave(parts, namespace);
        const all = packOf(parts).map(({ file, ...drill }) => ({ name: nameOf(file), drill }));
        if (names === null) {
          const simulated = areSimulated(await nodes());
          return all.filter(({ drill }) => (simulated || drill.nodes === 'both') && (asking || drill.expect.end !== 'handedOver'));
        }
        return names.map((name) => all.find((one) => one.name === name) ?? unknownDrill(name));
      });
    },

    /** Whether a drill can be run here, and which runbook it tests. Nothing is written. */
    prepareDrill({ namespace, id, drill: given }: DrillSite): Promise<DrillPrepared> {
      return asActivityFailure(async () => {
        await requireLeave(parts, namespace);
        const cannot = (why: string) => ({ kind: 'cannot' as const, why });
        const parsed = Drill.safeParse(given);
        if (!parsed.success)
          return cannot(`It is no drill: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}.`);
        const faults = faultsOf(parsed.data);
        if (faults.length > 0) return cannot(`It may not be run as a drill: ${faults.join('; ')}.`);
        const drill = namedAnew(filled(parsed.data, new Map([['namespace', namespace]])), id);
        if (drill.nodes === 'simulated' && !areSimulated(await nodes()))
          return cannot('It needs simulated nodes, such as those of "paramedic sandbox": its pods do as their annotations say.');
        const runbook = runbookOf(drill, namespace, runbooks);
        if (runbook === null)
          return cannot(`No runbook answers ${drill.alert?.name ?? `a ${drill.failureType}`} of a ${drill.target.kind}.`);
        const { name, mode, settleSeconds, verify } = runbook;
        if (drill.expect.end === 'healed' && mode !== 'auto')
          return cannot(
            `The runbook ${name} has the mode ${mode}, so that nothing is healed: what is to be tested needs the mode auto here.`,
          );
        return { kind: 'ready', drill, runbook: { name, mode, settleSeconds, verify } };
      });
    },

    /** Tells of the fault as monitoring would, or that it is over. @returns the incident; or why there is none */
    tellOfFault(site: DrillSite, status: Alert['status']): Promise<{ readonly incident: string } | { readonly why: string }> {
      return asActivityFailure(async () => {
        const alert = alertOf(site, status);
        return alert === null ? { incident: ownIncident(site) } : incidents.take(alert);
      });
    },

    /** Watches the incident until it is over, or its alert may be. */
    followDrill(followed: FollowedDrill): Promise<DrillFollowed> {
      return asActivityFailure(async () => {
        const { drill, incident, beganMs, untilMs, quietMs, isOver, namespace } = followed;
        const pause = beatingPause();
        for (;;) {
          const seen = await incidents.see(incident, beganMs);
          const handedOver = WITH_PEOPLE.includes(seen?.phase ?? '') || seen?.outcome?.kind === 'escalated';
          if (seen?.outcome) return { why: 'ended', handedOver };
          if (!isOver && handedOver) return { why: 'handedOver', handedOver };
          if (!isOver && drill.expect.end === 'healed' && seen !== null) {
            const failing = await failingChecks(drill.check, { objects: objectsIn(namespace), specs: new Map() });
            if (failing.length === 0) return { why: 'healed', handedOver };
          }
          if (!isOver && drill.expect.end === 'leftAlone' && Date.now() > beganMs + quietMs) return { why: 'quiet', handedOver };
          if (Date.now() >= untilMs) return { why: 'timeIsUp', handedOver };
          await pause(LOOK_EVERY_MS);
        }
      });
    },

    /** Grades by the state of the cluster; Paramedic's own word counts for the cause alone. */
    gradeDrill(graded: GradedDrill): Promise<DrillGrade> {
      return asActivityFailure(async () => {
        const { drill, namespace, id, incident, beganMs, handedOver, seconds, specs } = graded;
        const objects = objectsIn(namespace);
        const seen = await incidents.see(incident, beganMs);
        const outcome = seen?.outcome ?? null;
        const played: Played = {
          cause: outcome?.diagnosis?.cause ?? seen?.cause ?? null,
          end: endOf(outcome, seen !== null, handedOver, drill.expect.end === 'leftAlone'),
          remedies: remediesOf(outcome),
          seconds,
          failing: await failingChecks(drill.check, { objects, specs: new Map(Object.entries(specs)) }),
          said: outcome?.reason ?? null,
          writes: await actsSeen(objects, id, drill),
        };
        const { writes: _, ...rest } = played;
        return { ...rest, ...judge(drill, played) };
      });
    },

    /** Ends the drill's incident where it is still open: nobody need look after it. */
    endIncident(incident: string, beganMs: number): Promise<void> {
      return asActivityFailure(() => incidents.end(incident, beganMs));
    },
  };
}

/** @throws Refused where a file is faulty: it will be at the next try */
function packOf({ pack }: DrillParts): readonly Packed<Drill>[] {
  try {
    return pack();
  } catch (error) {
    throw new Refused((error as Error).message, { cause: error });
  }
}

/** How a drill is called: its file, without the ending. */
export function nameOf(file: string): string {
  return file.replaceAll('\\', '/').replace(/\.ya?ml$/, '');
}

function unknownDrill(name: string): never {
  throw new Refused(`There is no drill "${name}" where the worker looks for drills (PARAMEDIC_DRILLS). See "paramedic drill list".`);
}

/** The alert that monitoring would raise; null: what watches the cluster must notice by itself. */
function alertOf({ id, namespace, drill }: Pick<DrillSite, 'id' | 'namespace' | 'drill'>, status: Alert['status']): Alert | null {
  if (drill.alert === null) return null;
  const { name, labels } = drill.alert;
  return {
    name,
    status,
    fingerprint: createHash('sha256').update(`drill ${id}`).digest('hex').slice(0, 16),
    labels: { ...labels, namespace, alertname: name, [DRILL_ALERT_LABEL]: id },
    annotations: { summary: `A drill: ${drill.name}` },
  };
}

/** The runbook that would answer. */
function runbookOf(drill: Drill, namespace: string, runbooks: readonly Runbook[]): Runbook | null {
  const alert = alertOf({ id: '', namespace, drill }, 'firing');
  const kind = TARGET_KINDS.find((one) => one === drill.target.kind) ?? null;
  if (alert === null) return runbooks.find(({ failureType }) => failureType === drill.failureType) ?? null;
  return matchRunbook(alert, runbooks, kind);
}

function ownIncident({ cluster, namespace, drill }: DrillSite): string {
  const kind = TARGET_KINDS.find((one) => one === drill.target.kind);
  if (kind === undefined) throw new Refused(`Nothing heals a ${drill.target.kind}.`);
  return incidentWorkflowId(drill.failureType, { cluster, namespace, kind, name: drill.target.name });
}
