import { ROLLBACKS } from '../said.ts';
import type { Bounds, Case } from './case.ts';
import { figureOf, groupsOf, lengthOf, numbersOf, spreadOf } from './counting.ts';
import { byTarget, failingMs } from './failing.ts';
import { hasPerson } from './healing.ts';
import type { Report } from './report.ts';

const SHOWN_MAX = 5;
/** What models say, what they are fed, and how they are served. */
const OF_MODELS: readonly string[] = ['accuracyDegradation', 'dataQuality', 'modelServingFailure'];
/** Something that was deployed is at fault. */
const OF_RELEASES: readonly (string | null)[] = ['bad-release', 'bad-model-version', 'new-version-worse'];
const DEARER: readonly string[] = ['raiseMemory', 'scale', 'retryRunWithMoreMemory'];
const RUNS_AGAIN: readonly string[] = ['retryRun', 'retryRunWithMoreMemory'];

type Success = Report['success'];

/** What Paramedic knows of the measures that it is to serve. */
export function successOf(cases: readonly Case[], bounds: Bounds): Success {
  return {
    uptime: uptimeOf(cases, bounds),
    models: modelsOf(cases, bounds),
    deployments: deploymentsOf(cases),
    cost: clusterCostOf(cases),
  };
}

function uptimeOf(cases: readonly Case[], bounds: Bounds): Success['uptime'] {
  const lengthMs = bounds.toMs - bounds.fromMs;
  const targets = [...byTarget(cases)]
    .map(([target, own]) => ({ target, failingMs: failingMs(own, bounds), incidents: numbersOf(own) }))
    .filter((one) => one.failingMs > 0)
    .sort((one, other) => other.failingMs - one.failingMs || (one.target < other.target ? -1 : 1));
  const total = targets.reduce((sum, one) => sum + one.failingMs, 0);
  return {
    targets: targets.length,
    failingMs: total,
    share: targets.length === 0 ? null : 1 - total / (lengthMs * targets.length),
    worst: targets.slice(0, SHOWN_MAX).map((one) => ({ ...one, share: 1 - one.failingMs / lengthMs })),
    incidents: [...new Set(targets.flatMap(({ incidents }) => incidents))].sort((one, other) => one - other),
  };
}

function modelsOf(cases: readonly Case[], bounds: Bounds): Success['models'] {
  const own = cases.filter(({ failureType }) => OF_MODELS.includes(failureType));
  const acts = own.flatMap(({ number, acts: some }) => some.map((act) => ({ number, ...act })));
  return {
    incidents: groupsOf(own, ({ failureType }) => failureType),
    rolledBack: figureOf(acts.filter(({ remedy, verdict }) => remedy === 'rollBackModel' && verdict === 'recovered')),
    contained: figureOf(own.filter(({ outcome }) => outcome === 'contained')),
    failingMs: [...byTarget(own).values()].reduce((sum, some) => sum + failingMs(some, bounds), 0),
  };
}

function deploymentsOf(cases: readonly Case[]): Success['deployments'] {
  const bad = cases.filter(({ cause }) => OF_RELEASES.includes(cause));
  const isUndone = (one: Case) => one.acts.some(({ remedy, verdict }) => ROLLBACKS.includes(remedy) && verdict === 'recovered');
  const healed = bad.filter(({ outcome }) => outcome === 'recovered');
  return {
    bad: figureOf(bad),
    undone: figureOf(healed.filter((one) => isUndone(one) && !hasPerson(one))),
    restore: spreadOf(
      healed.filter(({ isSimulated }) => !isSimulated).flatMap((one) => lengthOf(one, one.beganMs ?? one.openedMs, one.recoveredMs)),
    ),
  };
}

function clusterCostOf(cases: readonly Case[]): Success['cost'] {
  const standing = cases
    .flatMap(({ number, acts }) => acts.map((act) => ({ number, ...act })))
    .filter(({ made, takenBack }) => made !== 'notMade' && takenBack !== 'yes');
  return {
    dearer: groupsOf(
      standing.filter(({ remedy }) => DEARER.includes(remedy)),
      ({ remedy }) => remedy,
    ),
    runsAgain: figureOf(standing.filter(({ remedy }) => RUNS_AGAIN.includes(remedy))),
  };
}
