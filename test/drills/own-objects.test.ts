import { describe, expect, it } from '@jest/globals';
import type { Objects, RawObject } from '../../clients/kubernetes/any-objects.ts';
import { DrillForbidden } from '../../drills/leave.ts';
import { ownObjects } from '../../drills/own-objects.ts';

const AT = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' };
const ANCHOR = { name: 'anchor', uid: 'of the anchor' };

/** A cluster that holds some objects, and notes what is written. */
function cluster(...there: readonly RawObject[]) {
  const writes: unknown[] = [];
  const objects: Objects = {
    read: async ({ kind, name }) => there.find((one) => one.kind === kind && one.metadata.name === name) ?? null,
    list: async (_version, kind, selector = '') =>
      there.filter((one) => one.kind === kind && (selector === '' || one.metadata.labels?.['paramedic.dev/drill'] === undefined)),
    async create(made) {
      writes.push(made);
      return made as RawObject;
    },
    patch: async (...args) => void writes.push(args),
    remove: async (...args) => void writes.push(args),
  };
  const own = (requireLeave: () => Promise<void> = async () => undefined) =>
    ownObjects(objects, { id: 'mine', anchor: ANCHOR, requireLeave });
  return { writes, own };
}

const object = (drill: string | null, kind = 'ConfigMap'): RawObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'a', uid: 'its uid', labels: drill === null ? {} : { 'paramedic.dev/drill': drill } },
});
const withdrawn = async () => {
  throw new DrillForbidden('no leave');
};

describe("a drill's own objects", () => {
  it('bear its id on themselves and their pods, go with its anchor, and their pods get no right', async () => {
    const { writes, own } = cluster();
    const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [] } };
    await own().create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, ...{ spec: { template } } });
    expect(writes).toEqual([
      expect.objectContaining({
        metadata: {
          name: 'a',
          labels: { 'paramedic.dev/drill': 'mine' },
          ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', ...ANCHOR, blockOwnerDeletion: false }],
        },
        spec: {
          template: {
            metadata: { labels: { app: 'a', 'paramedic.dev/drill': 'mine' } },
            spec: { automountServiceAccountToken: false, containers: [] },
          },
        },
      }),
    ]);
  });

  it('are written to by their uid, so that another one of the name is not', async () => {
    const { writes, own } = cluster(object('mine'));
    await own().patch(AT, { data: { b: 'c' } });
    await own().remove(AT);
    expect(writes).toEqual([
      [AT, { data: { b: 'c' }, metadata: { uid: 'its uid' } }, ''],
      [AT, 'its uid'],
    ]);
  });

  it.each([['nobody', null] as const, ['another drill', 'theirs'] as const])(
    'are not those of %s: nothing of them is written to',
    async (_, whose) => {
      const { writes, own } = cluster(object(whose));
      for (const write of [() => own().patch(AT, {}), () => own().remove(AT), () => own().create({ ...AT, metadata: { name: 'a' } })])
        await expect(write()).rejects.toThrow('ConfigMap a is not of this drill, and is left as it is.');
      expect(writes).toEqual([]);
    },
  );

  it('are not written to once leave is withdrawn, which is asked before each write', async () => {
    const { writes, own } = cluster(object('mine'));
    const made = { ...AT, metadata: { name: 'b' } };
    for (const write of [() => own(withdrawn).patch(AT, {}), () => own(withdrawn).remove(AT), () => own(withdrawn).create(made)])
      await expect(write()).rejects.toThrow(DrillForbidden);
    expect(writes).toEqual([]);
  });

  it('are found, and not made again, by whoever goes on after a crash', async () => {
    const { writes, own } = cluster(object('mine'));
    await own().create({ ...AT, metadata: { name: 'a' } });
    expect(writes).toEqual([]);
  });

  it('that bear on a whole namespace are made only where no pod of others is', async () => {
    const policy = (podSelector: object) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'n' },
      spec: { podSelector },
    });
    const { writes, own } = cluster(object(null, 'Pod'));
    await expect(own().create(policy({}))).rejects.toThrow('it would bear on pods that are not of the drill, such as a');
    await own().create(policy({ matchLabels: { app: 'a' } }));
    expect(writes).toHaveLength(1);
    const alone = cluster(object('mine', 'Pod'));
    await alone.own().create(policy({}));
    expect(alone.writes).toHaveLength(1);
  });
});
