import { join } from 'node:path';
import { stringify } from 'yaml';
import { FAILURE_TYPES, type FailureType } from '../../../incident/failure-type.ts';
import { TARGET_KINDS, type TargetKind } from '../../../incident/target.ts';
import { loadRunbooks } from '../../../runbooks/load.ts';
import { alternativesOf } from '../../../runbooks/matching/alternatives.ts';
import type { Runbook } from '../../../runbooks/schema.ts';
import type { PackedScenario } from './read-pack.ts';

const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'runbooks');
/** Seconds where shipped runbooks wait minutes. Patience stays long: to wait for a person is an end of its own. */
const QUICK = {
  mode: 'auto',
  settleSeconds: 1,
  alertEndsSeconds: 30,
  flapping: { quietSeconds: 1, max: 3 },
  attempts: { max: 3, backoffFirstSeconds: 1 },
  verify: { stableSeconds: 3, timeoutSeconds: 30 },
} as const;

/** Scenarios break many things at once, all in one cluster, and each is a case of its own. */
export const PACK_LIMITS = `cluster:
  rates:
    remedy: { max: 1000, perSeconds: 3600 }
    namespace: { max: 1000, perSeconds: 3600 }
    cluster: { max: 1000, perSeconds: 3600 }
    allClusters: { max: 1000, perSeconds: 3600 }
  breakers:
    remedy: { failures: 100, withinSeconds: 3600, openSeconds: 900 }
    runbook: { failures: 100, withinSeconds: 3600, openSeconds: 900 }
  storm: { targets: 150, withinSeconds: 60 }
  blast:
    namespaceWorkloads: { percent: 100, atLeast: 100, withinSeconds: 600 }
    nodes: { percent: 100, atLeast: 100, withinSeconds: 600 }
`;

/** A scenario and the namespace it is to have. */
export interface Housed {
  readonly scenario: PackedScenario;
  readonly namespace: string;
}

/**
 * The shipped runbooks made quick, by file name: each failure type answers the alerts of its scenarios. A scenario that has fields
 * of its own, whose alerts are those the sandbox's Prometheus fires, or whose alert is one of another failure type elsewhere in the
 * pack, has a runbook for its namespace.
 */
export function quickRunbooks(housed: readonly Housed[]): ReadonlyMap<string, string> {
  const { runbooks: shipped } = loadRunbooks(SHIPPED);
  const files = new Map<string, string>();
  const add = (runbook: { readonly name: string; readonly match: object }) => files.set(`${runbook.name}.yaml`, stringify(runbook));
  for (const type of FAILURE_TYPES)
    for (const kind of TARGET_KINDS) {
      const own = shippedFor(shipped, type, kind);
      const alerts = alertsOf(housed, type, kind);
      if (!own || alerts.length === 0) continue;
      add({ ...own, ...QUICK, name: `quick-${wordsOf(type)}-${kind.toLowerCase()}`, match: { alerts, kinds: [kind] } });
    }
  for (const { scenario, namespace } of housed) {
    const kind = TARGET_KINDS.find((one) => one === scenario.target.kind);
    const own = kind && shippedFor(shipped, scenario.failureType, kind);
    if (!own || !needsItsOwn(scenario, housed)) continue;
    const alerts = scenario.alert ? { alerts: [scenario.alert.name] } : own.match;
    const match = { ...alerts, kinds: [kind], labels: { namespace } };
    add({ ...own, ...QUICK, name: `quick-${namespace}`, match, ...scenario.runbook });
  }
  return files;
}

function needsItsOwn(scenario: PackedScenario, housed: readonly Housed[]): boolean {
  return scenario.alert === null || scenario.runbook !== undefined || isOfTwo(scenario, housed);
}

/** An alert about a kind of target belongs to one runbook, unless labels tell two apart. */
function isOfTwo({ alert, target, failureType }: PackedScenario, housed: readonly Housed[]): boolean {
  return housed.some(
    ({ scenario: other }) => other.alert?.name === alert?.name && other.target.kind === target.kind && other.failureType !== failureType,
  );
}

/** That of the failure type which is meant for the kind, else its first. */
function shippedFor(shipped: readonly Runbook[], type: FailureType, kind: TargetKind): Runbook | undefined {
  const ofType = shipped.filter(({ failureType }) => failureType === type);
  return ofType.find(({ match }) => alternativesOf(match).any.some(({ kinds }) => kinds.has(kind))) ?? ofType[0];
}

function alertsOf(housed: readonly Housed[], type: FailureType, kind: TargetKind): string[] {
  const names = housed.flatMap(({ scenario }) => {
    const { failureType, target, alert } = scenario;
    return failureType === type && target.kind === kind && alert && !isOfTwo(scenario, housed) ? [alert.name] : [];
  });
  return [...new Set(names)].sort();
}

function wordsOf(type: FailureType): string {
  return type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
