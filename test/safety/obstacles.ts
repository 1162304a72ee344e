import { Refused, TargetGone } from '../../clients/failures.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import type { Evidence } from '../../incident/evidence.ts';
import { evidence, OOM_KILLED, readyPod, sickPod } from '../evidence.ts';
import { type Mishaps, scriptedCluster } from '../scripted-cluster.ts';

/** States of a target, by what the diagnosis makes of them. */
export const STATES = {
  healthy: evidence({}),
  badRelease: evidence({ pods: [sickPod({})], replicasReady: 0 }),
  tooLittle: evidence({ pods: [sickPod({ exit: OOM_KILLED })], replicasReady: 0 }),
  flake: evidence({ replicasWanted: 2, replicasReady: 1, pods: [readyPod('ranker-0'), sickPod({})] }),
  imageMissing: evidence({ releases: [], replicasReady: 0, pods: [sickPod({ waiting: 'ImagePullBackOff', exit: null })] }),
  unexplained: evidence({ replicasReady: 0, pods: [sickPod({ revision: 1, name: 'ranker-0' }), sickPod({})] }),
};

/** One look is enough to verify, so that many incidents end soon. */
export const AT_ONCE = { verify: { stableSeconds: 0, timeoutSeconds: 0 } };

/** What stands between the incident and its target, besides the script. */
export interface Obstacles extends Mishaps {
  /** The look at which the API server begins to refuse, and how; never where it is null. */
  readonly refusesLook: number | null;
  readonly refusesBy: 'noPermission' | 'gone';
  readonly refusesDryRun: boolean;
}

export const NO_OBSTACLES: Obstacles = { refusesLook: null, refusesBy: 'noPermission', refusesDryRun: false };

/** The scripted cluster with obstacles, and one record of audit lines and acts in the order in which they came. */
export function observed(states: readonly Evidence[], { refusesLook, refusesBy, refusesDryRun, ...mishaps }: Obstacles) {
  const order: string[] = [];
  const script = scriptedCluster(states, mishaps);
  let looks = 0;
  const cluster: typeof script = {
    ...script,
    async observe(target) {
      if (refusesLook !== null && ++looks > refusesLook)
        throw refusesBy === 'gone' ? new TargetGone('It does not exist.') : new Refused('cannot get resource "pods"');
      return script.observe(target);
    },
    async apply(target, change, bound, options) {
      if (options.dryRun && refusesDryRun) throw new Refused('cannot patch resource "deployments"');
      if (!options.dryRun) order.push(options.key.endsWith('/undo') ? `undo ${options.key.slice(0, -5)}` : `act ${options.key}`);
      return script.apply(target, change, bound, options);
    },
  };
  const writeAudit = (line: string) => {
    const { step, key } = JSON.parse(line) as AuditEntry;
    order.push(`${step} ${key ?? ''}`.trim());
  };
  return { cluster, order, writeAudit };
}
