import { Refused } from '../clients/failures.ts';
import type { NewObject, Objects } from '../clients/kubernetes/any-objects.ts';
import { drillAnchorName } from '../incident/drill-ids.ts';
import { DRILL_LABEL } from './marks.ts';
import type { Anchor } from './stamped.ts';

/**
 * What a drill makes goes with this object. It is a Job that runs nothing, since Kubernetes itself ends and deletes a Job that has had its
 * time: then all is taken away by the cluster, also where nobody of ours is left to do it.
 */
function anchorOf(id: string, lastsSeconds: number): NewObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: drillAnchorName(id), ...{ labels: { [DRILL_LABEL]: id } } },
    ...{
      spec: {
        parallelism: 0,
        completions: 1,
        backoffLimit: 0,
        activeDeadlineSeconds: lastsSeconds,
        ttlSecondsAfterFinished: 0,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'none', image: 'none' }] } },
      },
    },
  };
}

/** Makes what the drill's objects go with, or finds it. @throws Refused where there is another one in its place */
export async function dropAnchor(objects: Objects, id: string, lastsSeconds: number): Promise<Anchor> {
  return (await findAnchor(objects, id)) ?? anchorAt((await objects.create(anchorOf(id, lastsSeconds))).metadata);
}

/** Null: it was not made yet, or its time is over. @throws Refused where there is another one in its place */
export async function findAnchor(objects: Pick<Objects, 'read'>, id: string): Promise<Anchor | null> {
  const name = drillAnchorName(id);
  const found = await objects.read({ apiVersion: 'batch/v1', kind: 'Job', name });
  if (found === null || found.metadata.deletionTimestamp !== undefined) return null;
  if (found.metadata.labels?.[DRILL_LABEL] !== id) throw new Refused(`There is a Job ${name} that is not of this drill.`);
  return anchorAt(found.metadata);
}

function anchorAt({ name, uid = '' }: { readonly name: string; readonly uid?: string }): Anchor {
  return { name, uid };
}
