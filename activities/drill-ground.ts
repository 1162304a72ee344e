import { activityInfo, heartbeat } from '@temporalio/activity';
import { Refused } from '../clients/failures.ts';
import { dropAnchor, findAnchor } from '../drills/anchor.ts';
import { specsOf } from '../drills/checks.ts';
import { cleanUp } from '../drills/clean-up.ts';
import { inOrder, take, untilItShows, untilSettled } from '../drills/inject.ts';
import { DRILL_LABEL } from '../drills/marks.ts';
import type { Step } from '../drills/schema.ts';
import { beatingPause, type DrillCluster, type DrillSite, groundOf, requireLeave } from './drill-site.ts';
import { asActivityFailure } from './failures.ts';

/** Images may have to be fetched first. */
const SETTLED_MS_MAX = 300_000;

/** Makes what a drill needs, breaks it, and takes it away again. */
export function drillGroundActivities(cluster: DrillCluster) {
  /** Does the steps that are not done yet; where its worker dies, the next one goes on with the one that was being done. */
  async function doSteps(field: 'setup' | 'fault', steps: readonly Step[], site: DrillSite): Promise<void> {
    const anchor = await findAnchor(cluster.objectsIn(site.namespace), site.id);
    if (anchor === null) throw new Refused('The time of the drill is over, and what it had made is taken away.');
    let done = (activityInfo().heartbeatDetails as number | undefined) ?? 0;
    const ground = { ...groundOf(cluster, site, anchor), pause: beatingPause(() => done) };
    await inOrder(
      field,
      steps,
      async (step, index) => {
        await take(step, ground);
        done = index + 1;
        heartbeat(done);
      },
      done,
    );
  }

  return {
    /** Takes away what earlier drills left in the namespace, and makes what this one needs. @param lastsSeconds after which the cluster takes it away */
    setUpDrill(site: DrillSite, lastsSeconds: number): Promise<void> {
      return asActivityFailure(async () => {
        const objects = cluster.objectsIn(site.namespace);
        await requireLeave(cluster, site.namespace);
        await cleanUp(objects, `${DRILL_LABEL},${DRILL_LABEL}!=${site.id}`, beatingPause());
        await requireLeave(cluster, site.namespace);
        await dropAnchor(objects, site.id, lastsSeconds);
        await doSteps('setup', site.drill.setup, site);
      });
    },

    /** Waits until all that was made is well. */
    awaitDrillSettled(site: DrillSite): Promise<void> {
      return asActivityFailure(async () => {
        const { drill, namespace } = site;
        if (!drill.settled) return;
        await untilSettled(
          drill.setup,
          { objects: cluster.objectsIn(namespace), variables: new Map(), pause: beatingPause() },
          SETTLED_MS_MAX,
        );
      });
    },

    /** Injects the fault, and waits until it shows. @returns the specs that are to stay as they are then, by the objects they are of */
    injectFault(site: DrillSite): Promise<Readonly<Record<string, unknown>>> {
      return asActivityFailure(async () => {
        const { drill, namespace } = site;
        await doSteps('fault', drill.fault, site);
        const ground = groundOf(cluster, site, { name: '', uid: '' });
        if (drill.expect.end === 'healed') await untilItShows(drill.check, ground);
        return Object.fromEntries(await specsOf(drill.check, cluster.objectsIn(namespace)));
      });
    },

    /**
     * Takes away all that bears the drill's id, and waits until it is gone. It needs no leave: what a drill made is never left because
     * that was withdrawn.
     */
    cleanUpDrill({ namespace, id }: Pick<DrillSite, 'namespace' | 'id'>): Promise<void> {
      return asActivityFailure(async () => {
        await cleanUp(cluster.objectsIn(namespace), `${DRILL_LABEL}=${id}`, beatingPause());
      });
    },
  };
}
