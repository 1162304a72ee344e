import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '../../../clients/failures.ts';
import { confirmRollback } from '../../../clients/registries/confirm-rollback.ts';
import { vertexRegistry } from '../../../clients/registries/vertex.ts';
import { accessTo, TOKEN } from '../../vendors/google.ts';
import { type Recorder, record } from '../../vendors/recorder.ts';
import { tellsTroubles } from '../../vendors/troubles.ts';
import { vertexDouble } from '../../vendors/vertex/double.ts';
import type { VertexDouble } from '../../vendors/vertex/held.ts';

const CONFIRMATION = {
  registry: 'vertex',
  model: '7',
  good: '1',
  bad: '2',
  incident: 'Model/Serving.1',
  servingAlias: 'production',
  lastKnownGoodAlias: 'last-known-good',
};

let double: VertexDouble;
let server: Recorder;
beforeAll(async () => {
  server = await record((request, headers) => double.answer(request, headers));
});
afterAll(() => server.close());
beforeEach(() => {
  double = vertexDouble();
  server.suffer(null);
  server.begin();
});

const registry = (answerMsMax = 30_000) => vertexRegistry(accessTo(server.url, { answerMsMax }));
const writes = () => [...server.steps.values()].flat().filter(({ method }) => method !== 'GET');

describe('the registry of Vertex AI', () => {
  it('tells every version, newest first, from all pages, and what its aliases are at', async () => {
    double.versions[1]!.labels = { 'validation-status': 'passed' };
    double.versions[0]!.artifactUri = '/gcs/models/churn/2';
    expect(await registry().readModel('7')).toEqual({
      registry: 'vertex',
      name: '7',
      versions: [
        { version: '2', storageUri: null, complete: true, validated: false, quarantined: false },
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
    expect(await confirmRollback(registry(), CONFIRMATION)).toEqual([
      'Version 2 of 7 is quarantined.',
      'Alias production of 7 is moved to version 1 from 2.',
    ]);
    expect(double.versions[0]).toMatchObject({
      versionAliases: ['default'],
      labels: { team: 'ml', 'paramedic-status': 'quarantined', 'paramedic-quarantined-by': 'model-serving-1' },
    });
    expect(double.versions[1]).toMatchObject({ versionAliases: ['last-known-good', 'production'] });
    const before = writes().length;
    expect(await confirmRollback(registry(), CONFIRMATION)).toEqual([]);
    expect(writes()).toHaveLength(before);
  });

  it('sets the alias of the last known good version where there is none', async () => {
    double.versions[1]!.versionAliases = [];
    await confirmRollback(registry(), CONFIRMATION);
    expect((await registry().readModel('7'))?.aliases).toEqual({ default: '2', production: '1', 'last-known-good': '1' });
  });

  it('goes on where a confirmation was stopped between the quarantine and the alias, and writes no mark twice', async () => {
    server.suffer({ kind: 'down' }, ({ path }) => path.endsWith(':mergeVersionAliases'));
    await expect(confirmRollback(registry(), CONFIRMATION)).rejects.toThrow('Cannot reach Vertex AI');
    server.suffer(null);
    expect(await confirmRollback(registry(), CONFIRMATION)).toEqual(['Alias production of 7 is moved to version 1 from 2.']);
    expect(writes().map(({ method }) => method)).toEqual(['PATCH', 'POST', 'POST']);
  });

  it('lifts a quarantine, leaves every other label, and writes nothing that is there already', async () => {
    await registry().mark('7', { kind: 'quarantined', version: '1', by: 'anna' });
    await registry().mark('7', { kind: 'quarantined', version: '1', by: 'anna' });
    await registry().mark('7', { kind: 'released', version: '1' });
    await registry().mark('7', { kind: 'released', version: '1' });
    await registry().mark('7', { kind: 'alias', alias: 'last-known-good', version: '1' });
    expect(double.versions[1]!.labels).toEqual({ team: 'ml' });
    expect(writes()).toHaveLength(2);
  });

  it('does not write over what somebody else marked in the same moment', async () => {
    const [newest] = double.versions;
    server.suffer(null);
    const answer = double.answer;
    const racing: VertexDouble = {
      ...double,
      answer(request, headers) {
        if (request.method === 'PATCH') newest!.etag = 'etag-of-another';
        return answer(request, headers);
      },
    };
    double = racing;
    await expect(registry().mark('7', { kind: 'quarantined', version: '2', by: 'anna' })).rejects.toThrow(
      "projects/ml-prod/locations/europe-west4/models/7@2 was changed in Vertex AI's registry in the same moment: The etag does not match.",
    );
    expect(newest!.labels).toEqual({ team: 'ml' });
  });

  it('freezes promotions by a line below what people wrote of the model, and thaws them', async () => {
    const to = 'Frozen by modelServingFailure/local/7 at 2026-02-01: accuracy 0.61.';
    await registry().mark('7', { kind: 'promotionFreeze', to });
    await registry().mark('7', { kind: 'promotionFreeze', to });
    expect(double.versions[0]!.description).toBe(`Who leaves us.\nPromotions frozen, says Paramedic: ${to}`);
    expect((await registry().readModel('7'))?.promotionFreeze).toBe(to);
    await registry().mark('7', { kind: 'promotionFreeze', to: null });
    expect(double.versions[0]!.description).toBe('Who leaves us.');
    expect((await registry().readModel('7'))?.promotionFreeze).toBeNull();
    expect(writes()).toHaveLength(2);
  });

  it('refuses to mark a version or a model that is not there', async () => {
    await expect(registry().mark('7', { kind: 'alias', alias: 'production', version: '9' })).rejects.toThrow(
      new Refused('Vertex AI\'s registry has no version 9 of model "7".'),
    );
    await expect(registry().mark('8', { kind: 'promotionFreeze', to: 'x' })).rejects.toThrow(
      new Refused('Vertex AI\'s registry has no model "8".'),
    );
    expect(writes()).toEqual([]);
  });

  it('names the permission that a mark lacks', async () => {
    server.suffer({ kind: 'failing', status: 403, body: {} }, ({ method }) => method !== 'GET');
    await expect(registry().mark('7', { kind: 'alias', alias: 'production', version: '1' })).rejects.toThrow(
      'Vertex AI does not allow it: aiplatform.models.update is missing.',
    );
  });

  it('names what is not as it should be in an answer', async () => {
    server.suffer({ kind: 'failing', status: 200, body: { models: [{ versionId: 7 }] } });
    await expect(registry().readModel('7')).rejects.toThrow(
      'Vertex AI\'s list of the versions of model "7" cannot be understood: models.0.versionId',
    );
  });

  it('does not read pages without end', async () => {
    server.suffer({ kind: 'failing', status: 200, body: { models: [], nextPageToken: 'again' } });
    await expect(registry().readModel('7')).rejects.toThrow(
      new Refused('Vertex AI\'s list of the versions of model "7" has more than 20 pages, and is not read whole.'),
    );
  });
});

describe('the registry of Vertex AI in trouble', () => {
  tellsTroubles({
    server: () => server,
    ask: (answerMsMax) => registry(answerMsMax).readModel('7'),
    system: 'Vertex AI',
    credentials: 'GOOGLE_APPLICATION_CREDENTIALS',
    needs: 'aiplatform.models.get and aiplatform.models.list',
    secret: TOKEN,
    failure: (message) => ({ error: { code: 400, status: 'X', message } }),
  });
});
