import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '../../../clients/failures.ts';
import { clearmlRegistry } from '../../../clients/registries/clearml.ts';
import { confirmRollback } from '../../../clients/registries/confirm-rollback.ts';
import { markPromotions } from '../../../clients/registries/promotions.ts';
import { type ClearmlDouble, clearmlDouble } from '../../vendors/clearml/double.ts';
import { model } from '../../vendors/clearml/held.ts';
import { type Recorded, type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';

const SECRET = 'hush-0123456789abcdef';
const WRITES = /models\.(update_tags|edit|add_or_update_metadata)$/;

let double: ClearmlDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = clearmlDouble();
  server.suffer(null);
  server.begin();
});

const registry = (change: { project?: string | null; answerMsMax?: number } = {}) =>
  clearmlRegistry({ url: server.url, accessKey: 'access', secretKey: SECRET, project: null, ...change });
const asked = () => [...server.steps.values()].flat();
const writes = () => asked().flatMap(({ path }) => WRITES.exec(path)?.[1] ?? []);
const tagsOf = (id: string) => double.models.find((one) => one.id === id)?.tags;
const isWrite = ({ path }: Recorded) => WRITES.test(path);

describe('a registry of ClearML', () => {
  it('tells the models of a name newest first, with what a model server could load, and their tags as aliases', async () => {
    double.models.push(
      model(1, { tags: ['validated', 'last-known-good'] }),
      model(2, { tags: ['production', 'quarantined'], uri: 'file:///home/ann/model.pkl' }),
      model(3, { uri: null }),
      model(4, { system_tags: ['archived'] }),
      model(5, { name: 'fraud-2' }),
    );
    expect(await registry().readModel('fraud')).toEqual({
      registry: 'clearml',
      name: 'fraud',
      aliases: { 'last-known-good': 'm1', production: 'm2' },
      promotionFreeze: null,
      versions: [
        { version: 'm3', storageUri: null, complete: false, validated: false, quarantined: false },
        { version: 'm2', storageUri: null, complete: true, validated: false, quarantined: true },
        { version: 'm1', storageUri: 's3://models/fraud/1/model.pkl', complete: true, validated: true, quarantined: false },
      ],
    });
  });

  it('takes a name for itself, and for no pattern', async () => {
    double.models.push(model(1, { name: 'fraud (eu).v2' }), model(2, { name: 'fraud (eu)xv2' }));
    expect((await registry().readModel('fraud (eu).v2'))?.versions.map(({ version }) => version)).toEqual(['m1']);
  });

  it('reads a model of more versions than are told at once, and does not know one that is not there', async () => {
    for (let index = 0; index < 250; index++) double.models.push(model(1, { id: `m${index}` }));
    expect((await registry().readModel('fraud'))?.versions).toHaveLength(250);
    expect(await registry().readModel('churn')).toBeNull();
  });

  it('refuses to guess between projects, and reads the one that is configured', async () => {
    double.models.push(model(1), model(2, { project: 'p2' }));
    await expect(registry().readModel('fraud')).rejects.toThrow(
      'ClearML has models "fraud" in several projects (p2, p1): set PARAMEDIC_CLEARML_PROJECT to one of them.',
    );
    expect((await registry({ project: 'p2' }).readModel('fraud'))?.versions.map(({ version }) => version)).toEqual(['m2']);
  });

  it('moves a tag once, and never leaves it on none', async () => {
    double.models.push(model(1), model(2, { tags: ['production'] }));
    const mark = { kind: 'alias', alias: 'production', version: 'm1' } as const;
    await registry().mark('fraud', mark);
    await registry().mark('fraud', mark);
    expect([tagsOf('m1'), tagsOf('m2')]).toEqual([['production'], []]);
    expect(
      asked()
        .filter(isWrite)
        .map(({ body }) => body),
    ).toEqual([
      { ids: ['m1'], add_tags: ['production'], remove_tags: [] },
      { ids: ['m2'], add_tags: [], remove_tags: ['production'] },
    ]);
  });

  it('writes all tags, with the change, where the server has no better way', async () => {
    double.isOld = true;
    double.models.push(model(1, { tags: ['team-a'] }), model(2, { tags: ['production', 'team-b'] }));
    await registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'm1' });
    expect([tagsOf('m1'), tagsOf('m2')]).toEqual([['team-a', 'production'], ['team-b']]);
    expect(writes()).toEqual(['update_tags', 'edit', 'update_tags', 'edit']);
  });

  it('takes a tag that is on several models for no alias, and refuses to move it', async () => {
    double.models.push(model(1), model(2, { tags: ['production'] }), model(3, { tags: ['production'] }));
    expect((await registry().readModel('fraud'))?.aliases).toEqual({});
    const sentence = 'Cannot move tag production of "fraud": it is on several models (m3, m2); leave it on one of them.';
    await expect(registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'm1' })).rejects.toThrow(sentence);
    await expect(registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'm2' })).rejects.toThrow(sentence);
    expect(writes()).toEqual([]);
  });

  it('quarantines with who did it, once, and releases once', async () => {
    double.models.push(model(1));
    const mark = { kind: 'quarantined', version: 'm1', by: 'incident-1' } as const;
    await registry().mark('fraud', mark);
    await registry().mark('fraud', mark);
    expect([tagsOf('m1'), writes()]).toEqual([['quarantined'], ['add_or_update_metadata', 'update_tags']]);
    expect(double.models[0]?.metadata).toEqual({
      paramedic_quarantined_by: { key: 'paramedic_quarantined_by', type: 'str', value: 'incident-1' },
    });
    await registry().mark('fraud', { kind: 'released', version: 'm1' });
    await registry().mark('fraud', { kind: 'released', version: 'm1' });
    expect([tagsOf('m1'), writes().length]).toEqual([[], 3]);
  });

  it('refuses a version that is not there, and to freeze promotions, also as a dry run, and writes nothing', async () => {
    double.models.push(model(1), model(2, { system_tags: ['archived'] }));
    await expect(registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'm2' })).rejects.toThrow(
      'ClearML has no model "fraud" of id m2, or it is archived.',
    );
    const change = { kind: 'promotions', model: 'fraud', registry: null, from: null, to: 'ann' } as const;
    const freeze = markPromotions(new Map([['clearml', registry()]]), change, { key: 'act-1', dryRun: true });
    await expect(freeze).rejects.toThrow("ClearML has no place for who froze a model's promotions and why");
    await expect(registry().mark('fraud', { kind: 'promotionFreeze', to: 'ann' })).rejects.toThrow(Refused);
    expect(writes()).toEqual([]);
  });

  describe('of which a rollback is confirmed', () => {
    const confirm = () =>
      confirmRollback(registry(), {
        registry: 'clearml',
        model: 'fraud',
        good: 'm1',
        bad: 'm2',
        incident: 'incident-1',
        lastKnownGoodAlias: 'last-known-good',
        servingAlias: 'production',
      });

    it('has it done once', async () => {
      double.models.push(model(1), model(2, { tags: ['production'] }));
      expect(await confirm()).toEqual([
        'Version m2 of fraud is quarantined.',
        'Alias production of fraud is moved to version m1 from m2.',
        'Alias last-known-good of fraud is moved to version m1.',
      ]);
      const done = writes().length;
      expect([await confirm(), writes().length]).toEqual([[], done]);
    });

    it('ends the same wherever it was cut short', async () => {
      for (let cut = 0; ; cut++) {
        double = clearmlDouble();
        double.models.push(model(1), model(2, { tags: ['production'] }));
        server.begin();
        server.suffer({ kind: 'down' }, (request) => isWrite(request) && writes().length > cut);
        const wasCut = await confirm().then(
          () => false,
          () => true,
        );
        server.suffer(null);
        await confirm();
        expect([tagsOf('m1'), tagsOf('m2'), cut]).toEqual([['production', 'last-known-good'], ['quarantined'], cut]);
        if (!wasCut) return;
      }
    });

    it('leaves the serving tag where a person moved it meanwhile', async () => {
      double.models.push(model(1, { tags: ['last-known-good'] }), model(2), model(3, { tags: ['production'] }));
      expect(await confirm()).toEqual(['Version m2 of fraud is quarantined.']);
      expect(tagsOf('m3')).toEqual(['production']);
    });
  });

  it('gets itself a token for its keys, keeps it, and gets another once it is not taken any more', async () => {
    double.models.push(model(1));
    const one = registry();
    await one.readModel('fraud');
    await one.readModel('fraud');
    double.expireTokens();
    await one.readModel('fraud');
    expect(asked().map(({ path }) => path.split('/').at(-1))).toEqual([
      'auth.login',
      'models.get_all',
      'models.get_all',
      'models.get_all',
      'auth.login',
      'models.get_all',
    ]);
  });

  it('names the setting when its keys are not taken', async () => {
    const meta = { result_code: 401, result_subcode: 22, result_msg: 'unauthorized (invalid credentials)' };
    server.suffer({ kind: 'failing', status: 401, body: { meta, data: {} } });
    await expect(registry().readModel('fraud')).rejects.toThrow(
      'ClearML does not know us: check PARAMEDIC_CLEARML_ACCESS_KEY and PARAMEDIC_CLEARML_SECRET_KEY. ' +
        'ClearML answers 401 22 to auth.login: unauthorized (invalid credentials)',
    );
    expect(asked()).toHaveLength(1);
  });

  it('names the right that is missing, which ClearML also tells by 401', async () => {
    double.models.push(model(1));
    const meta = { result_code: 401, result_subcode: 2, result_msg: 'unauthorized (entity not allowed)' };
    server.suffer({ kind: 'failing', status: 401, body: { meta, data: {} } }, isWrite);
    await expect(registry().mark('fraud', { kind: 'released', version: 'm1' })).resolves.toBeUndefined();
    await expect(registry().mark('fraud', { kind: 'alias', alias: 'production', version: 'm1' })).rejects.toThrow(
      'ClearML does not allow it: the right to edit models is missing. It says to models.update_tags: unauthorized (entity not allowed)',
    );
  });

  it('names the field of an answer that is not as it should be', async () => {
    server.suffer({ kind: 'failing', status: 200, body: { data: { models: [{ id: 7 }] } } }, ({ path }) => path.endsWith('get_all'));
    await expect(registry().readModel('fraud')).rejects.toThrow(
      'ClearML\'s list of the models "fraud" cannot be understood: models.0.id: Invalid input: expected string, received number',
    );
  });

  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => registry({ answerMsMax }).readModel('fraud'),
    system: 'ClearML',
    credentials: 'PARAMEDIC_CLEARML_ACCESS_KEY and PARAMEDIC_CLEARML_SECRET_KEY',
    needs: 'the right to read models',
    secret: SECRET,
    isHit: ({ path }) => !path.endsWith('auth.login'),
    asksAnew: true,
    failure: (message) => ({ meta: { result_code: 400, result_subcode: 0, result_msg: message }, data: {} }),
  });
});
