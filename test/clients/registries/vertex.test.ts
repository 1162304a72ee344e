import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused, TryLater } from '../../../clients/failures.ts';
import { confirmRollback } from '../../../clients/registries/confirm-rollback.ts';
import { vertexRegistry } from '../../../clients/registries/vertex.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { type VertexDouble, vertexDouble, WHERE } from '../../vendors/vertex/double.ts';

let double: VertexDouble;
let server: Recorder;

beforeEach(async () => {
  double = vertexDouble();
  server = await record(double.answer);
});

afterEach(() => server.close());

const registry = () =>
  vertexRegistry({ ...WHERE, url: server.url, authorize: async (refused) => (refused ? null : { authorization: 'Bearer t' }) });
const writes = () => [...server.steps.values()].flat().filter(({ method }) => method !== 'GET');

describe('the registry of Vertex AI', () => {
  it('tells every version, newest first, from all pages, and what its aliases are at', async () => {
    double.versions[1]!.labels = { 'validation-status': 'passed' };
    expect(await registry().readModel('7')).toEqual({
      registry: 'vertex',
      name: '7',
      versions: [
        { version: '2', storageUri: 'gs://models/churn/2', complete: true, validated: false, quarantined: false },
        { version: '1', storageUri: 'gs://models/churn/1', complete: true, validated: true, quarantined: false },
      ],
      aliases: { default: '2', production: '2', 'last-known-good': '1' },
      promotionFreeze: null,
    });
  });

  it('knows no model that is not there', async () => {
    expect(await registry().readModel('8')).toBeNull();
  });

  it('confirms a rollback once: quarantines by labels, leaving the others, and moves the alias', async () => {
    const confirmation = {
      registry: 'vertex',
      model: '7',
      good: '1',
      bad: '2',
      incident: 'Model/Serving.1',
      servingAlias: 'production',
      lastKnownGoodAlias: 'last-known-good',
    };
    expect(await confirmRollback(registry(), confirmation)).toEqual([
      'Version 2 of 7 is quarantined.',
      'Alias production of 7 is moved to version 1 from 2.',
    ]);
    expect(double.versions[0]).toMatchObject({
      versionAliases: ['default'],
      labels: { team: 'ml', 'paramedic-status': 'quarantined', 'paramedic-quarantined-by': 'model-serving-1' },
    });
    expect(double.versions[1]).toMatchObject({ versionAliases: ['last-known-good', 'production'] });
    const before = writes().length;
    expect(await confirmRollback(registry(), confirmation)).toEqual([]);
    expect(writes()).toHaveLength(before);
  });

  it('lifts a quarantine, and leaves every other label', async () => {
    await registry().mark('7', { kind: 'quarantined', version: '1', by: 'anna' });
    await registry().mark('7', { kind: 'released', version: '1' });
    expect(double.versions[1]!.labels).toEqual({ team: 'ml' });
  });

  it('says that it has no place for a freeze of promotions', async () => {
    await expect(registry().mark('7', { kind: 'promotionFreeze', to: 'by anna' })).rejects.toThrow(
      new Refused('Vertex AI has no place on model "7" for who froze its promotions and why; freeze them where they are made.'),
    );
    expect(writes()).toEqual([]);
  });

  it('refuses to mark a version that is not there', async () => {
    await expect(registry().mark('7', { kind: 'alias', alias: 'production', version: '9' })).rejects.toThrow(
      /404 NOT_FOUND.*Version 9 of model 7 is not found/,
    );
  });

  it.each([
    [
      'no permission',
      { kind: 'failing', status: 403, body: { error: { status: 'PERMISSION_DENIED', message: 'denied' } } },
      Refused,
      /^Vertex AI does not allow it: aiplatform\.models\.get and aiplatform\.models\.list is missing/,
    ],
    [
      'an unknown caller',
      { kind: 'failing', status: 401, body: {} },
      Refused,
      /^Vertex AI does not know us: check GOOGLE_APPLICATION_CREDENTIALS/,
    ],
    [
      'too many calls',
      { kind: 'failing', status: 429, body: { error: { status: 'RESOURCE_EXHAUSTED', message: 'quota' } } },
      TryLater,
      /429 RESOURCE_EXHAUSTED/,
    ],
    ['a fault of its own', { kind: 'failing', status: 500, body: 'oops' }, Error, /500 to .*oops/],
    ['a page', { kind: 'malformed' }, Error, /what is no JSON/],
    ['nothing', { kind: 'down' }, Error, /^Cannot reach Vertex AI/],
    [
      'an answer of another shape',
      { kind: 'failing', status: 200, body: { models: [{ versionId: 7 }] } },
      Error,
      /^Vertex AI's list of the versions of model "7" cannot be understood: models\.0\.versionId/,
    ],
  ] as const)('tells %s in a sentence', async (_case, trouble, kind, message) => {
    server.suffer(trouble);
    const error = await registry()
      .readModel('7')
      .catch((one) => one);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(message);
  });
});
