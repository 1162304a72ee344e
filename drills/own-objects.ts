import { Refused, TargetGone } from '../clients/failures.ts';
import type { Address, Objects, RawObject } from '../clients/kubernetes/any-objects.ts';
import { bearsOnAll } from './kinds.ts';
import { DrillForbidden } from './leave.ts';
import { DRILL_LABEL } from './marks.ts';
import { type Anchor, stamped } from './stamped.ts';

/** Whose objects they are, and what is asked before each write. */
export interface Own {
  readonly id: string;
  readonly anchor: Anchor;
  /** Reads afresh whether drills may be run there. @throws where not */
  readonly requireLeave: () => Promise<void>;
}

/**
 * Objects of which a drill can write to its own alone, and to those only as long as its namespace lets it.
 * @throws DrillForbidden where an object is not the drill's, or there is no leave
 */
export function ownObjects(objects: Objects, { id, anchor, requireLeave }: Own): Objects {
  /** @throws where there is another one in its place */
  async function ours(at: Address): Promise<RawObject | null> {
    const found = await objects.read(at);
    if (found !== null && found.metadata.labels?.[DRILL_LABEL] !== id)
      throw new DrillForbidden(`${at.kind} ${at.name} is not of this drill, and is left as it is.`);
    return found;
  }

  return {
    read: objects.read,
    list: objects.list,
    async create(made) {
      await requireLeave();
      const at = { apiVersion: made.apiVersion, kind: made.kind, name: made.metadata.name ?? '' };
      if (bearsOnAll(made)) await requireAlone(made.kind, objects);
      // It may have been made by a worker that died before it could say so.
      return (await ours(at)) ?? objects.create(stamped(made, id, anchor));
    },
    async patch(at, merge, subresource = '') {
      await requireLeave();
      const { uid } = (await ours(at))?.metadata ?? {};
      if (uid === undefined) throw new TargetGone(`${at.kind} ${at.name} does not exist.`);
      const { metadata = {} } = merge as { readonly metadata?: object };
      // With its uid, so that the API server refuses it for another one of the name that has come meanwhile.
      await objects.patch(at, { ...merge, metadata: { ...metadata, uid } }, subresource);
    },
    async remove(at) {
      await requireLeave();
      const { uid } = (await ours(at))?.metadata ?? {};
      if (uid !== undefined) await objects.remove(at, uid);
    },
  };
}

/** What bears on a whole namespace is made only where nobody else has a pod in it. */
async function requireAlone(kind: string, objects: Objects): Promise<void> {
  const others = await objects.list('v1', 'Pod', `!${DRILL_LABEL}`);
  const [first] = others;
  if (first !== undefined)
    throw new Refused(
      `Cannot make a ${kind}: it would bear on pods that are not of the drill, such as ${first.metadata.name}. Run it in a namespace of its own.`,
    );
}
