import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '../../../clients/failures.ts';
import { confirmRollback } from '../../../clients/registries/confirm-rollback.ts';
import { markPromotions } from '../../../clients/registries/promotions.ts';
import { wandbRegistry } from '../../../clients/registries/wandb.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';
import { type WandbDouble, type WandbVersion, wandbDouble } from '../../vendors/wandb/double.ts';

const KEY = 'hush-0123456789abcdef0123456789abcdef01234';

let double: WandbDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = wandbDouble();
  server.suffer(null);
  server.begin();
});

const version = (index: number, change: Partial<WandbVersion> = {}): WandbVersion => ({
  index,
  tags: [],
  aliases: [],
  storageUri: `s3://models/fraud/${index}`,
  state: 'COMMITTED',
  ...change,
});
const registry = (change: { organization?: string; answerMsMax?: number } = {}) =>
  wandbRegistry({ url: server.url, apiKey: KEY, organization: 'acme', registry: 'model', ...change });
/** The names of the documents that were sent, and changed something. */
const writes = () =>
  [...server.steps.values()].flat().flatMap(({ body }) => /mutation (\w+)/.exec((body as { query: string }).query)?.[1] ?? []);
const held = (index: number) => double.collections.get('fraud')!.find((one) => one.index === index)!;

describe('a registry of W&B', () => {
  it('tells versions newest first, with the address that their metadata names, and its aliases', async () => {
    double.collections.set('fraud', [
      version(0),
      version(1, { tags: ['validated'], aliases: ['last-known-good'] }),
      version(2, { aliases: ['production', 'latest'], storageUri: null }),
      version(3, { state: 'PENDING', tags: ['quarantined'] }),
    ]);
    expect(await registry().readModel('fraud')).toEqual({
      registry: 'wandb',
      name: 'fraud',
      aliases: { production: 'v2', latest: 'v2', 'last-known-good': 'v1' },
      promotionFreeze: null,
      versions: [
        { version: 'v3', storageUri: 's3://models/fraud/3', complete: false, validated: false, quarantined: true },
        { version: 'v2', storageUri: null, complete: true, validated: false, quarantined: false },
        { version: 'v1', storageUri: 's3://models/fraud/1', complete: true, validated: true, quarantined: false },
        { version: 'v0', storageUri: 's3://models/fraud/0', complete: true, validated: false, quarantined: false },
      ],
    });
  });

  it('takes an alias that names the version for the tag, and no alias of another version', async () => {
    double.collections.set('fraud', [
      version(1, { aliases: ['validated-v1'] }),
      version(2, { aliases: ['quarantined-v2', 'validated-v1x'] }),
    ]);
    const read = await registry().readModel('fraud');
    expect(read?.versions.map(({ validated, quarantined }) => [validated, quarantined])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it('reads a model of more versions than are told at once', async () => {
    double.collections.set(
      'fraud',
      Array.from({ length: 250 }, (_, index) => version(index)),
    );
    const read = await registry().readModel('fraud');
    expect(read?.versions.map((one) => one.version)).toEqual(Array.from({ length: 250 }, (_, index) => `v${249 - index}`));
  });

  it('does not know a model of which nothing is linked, and says so of an organization that it is not shown', async () => {
    expect(await registry().readModel('churn')).toBeNull();
    await expect(registry({ organization: 'other' }).readModel('fraud')).rejects.toThrow(
      'W&B shows us no organization "other": check PARAMEDIC_WANDB_ORGANIZATION, and that the key\'s user is in it.',
    );
  });

  it('moves an alias once, from the version that had it', async () => {
    double.collections.set('fraud', [version(1), version(2, { aliases: ['production'] })]);
    await registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'v1' });
    await registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'v1' });
    expect([held(1).aliases, held(2).aliases, writes()]).toEqual([['production'], [], ['AddAliases']]);
  });

  it('quarantines by a tag, once, and releases by taking it away, once', async () => {
    double.collections.set('fraud', [version(1)]);
    const mark = { kind: 'quarantined', version: 'v1', by: 'incident-1' } as const;
    await registry().mark('fraud', mark);
    await registry().mark('fraud', mark);
    expect([held(1).tags, writes()]).toEqual([['quarantined'], ['UpdateArtifact']]);
    await registry().mark('fraud', { kind: 'released', version: 'v1' });
    await registry().mark('fraud', { kind: 'released', version: 'v1' });
    expect([held(1).tags, writes()]).toEqual([[], ['UpdateArtifact', 'UpdateArtifact']]);
  });

  it('quarantines by an alias where it may not write to the project that the artifact is from, and releases so', async () => {
    double.collections.set('fraud', [version(1)]);
    double.sourceIsReadOnly = true;
    await registry().mark('fraud', { kind: 'quarantined', version: 'v1', by: 'incident-1' });
    expect([held(1).tags, held(1).aliases]).toEqual([[], ['quarantined-v1']]);
    await registry().mark('fraud', { kind: 'quarantined', version: 'v1', by: 'incident-1' });
    expect(writes()).toEqual(['UpdateArtifact', 'AddAliases']);
    await registry().mark('fraud', { kind: 'released', version: 'v1' });
    expect(held(1).aliases).toEqual([]);
  });

  it('names the permission where an alias is protected, and moves nothing', async () => {
    double.collections.set('fraud', [version(1), version(2, { aliases: ['production'] })]);
    double.protectedAliases.add('production');
    await expect(registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'v1' })).rejects.toThrow(
      'W&B does not allow it: member of the registry, and admin of it for a protected alias, is missing.',
    );
    expect(held(2).aliases).toEqual(['production']);
  });

  it('refuses a version that the registry does not list, and to freeze promotions, also as a dry run, and writes nothing', async () => {
    double.collections.set('fraud', [version(1)]);
    await expect(registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'v9' })).rejects.toThrow(
      'W&B\'s registry "model" lists no version v9 of model "fraud".',
    );
    const change = { kind: 'promotions', model: 'fraud', registry: null, from: null, to: 'ann' } as const;
    const freeze = markPromotions(new Map([['wandb', registry()]]), change, { key: 'act-1', dryRun: true });
    await expect(freeze).rejects.toThrow(
      "W&B has no place for who froze a model's promotions and why. Protect its serving alias in the registry's settings instead.",
    );
    await expect(registry().mark('fraud', { kind: 'promotionFreeze', to: 'ann' })).rejects.toThrow(Refused);
    expect(writes()).toEqual([]);
  });

  it('confirms a rollback once, and leaves the serving alias where a person moved it meanwhile', async () => {
    double.collections.set('fraud', [version(1), version(2, { aliases: ['production'] }), version(3)]);
    const confirmation = { registry: 'wandb', model: 'fraud', good: 'v1', bad: 'v2', incident: 'incident-1' };
    const aliases = { lastKnownGoodAlias: 'last-known-good', servingAlias: 'production' };
    expect(await confirmRollback(registry(), { ...confirmation, ...aliases })).toEqual([
      'Version v2 of fraud is quarantined.',
      'Alias production of fraud is moved to version v1 from v2.',
      'Alias last-known-good of fraud is moved to version v1.',
    ]);
    expect(await confirmRollback(registry(), { ...confirmation, ...aliases })).toEqual([]);
    held(1).aliases = ['last-known-good'];
    held(3).aliases = ['production'];
    expect(await confirmRollback(registry(), { ...confirmation, ...aliases })).toEqual([]);
    expect(held(3).aliases).toEqual(['production']);
  });

  it.each<[string, string, string]>([
    ['denies it', 'permission denied', 'W&B does not allow it: viewer of the registry is missing. It says: permission denied'],
    ['fails', 'internal error', 'W&B could not answer: internal error'],
  ])('says so when it %s with the status of a success', async (_what, message, sentence) => {
    server.suffer({ kind: 'failing', status: 200, body: { data: null, errors: [{ message }] } });
    await expect(registry().readModel('fraud')).rejects.toThrow(sentence);
  });

  it('takes the time after which its limit is lifted for the one to wait', async () => {
    server.suffer({ kind: 'failing', status: 429, body: {}, headers: { 'ratelimit-reset': '12' } });
    await expect(registry().readModel('fraud')).rejects.toMatchObject({ afterMs: 12_000 });
  });

  it('names the field of an answer that is not as it should be', async () => {
    server.suffer({ kind: 'failing', status: 200, body: { data: { organization: { orgEntity: { name: 7 } } } } });
    await expect(registry().readModel('fraud')).rejects.toThrow(
      'W&B\'s list of the versions of "fraud" cannot be understood: organization.orgEntity.name: Invalid input: expected string, received number',
    );
  });

  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => registry({ answerMsMax }).readModel('fraud'),
    system: 'W&B',
    credentials: 'PARAMEDIC_WANDB_API_KEY',
    needs: 'viewer of the registry',
    secret: KEY,
    failure: (message) => ({ data: null, errors: [{ message }] }),
  });
});
