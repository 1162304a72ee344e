import { describe, expect, it } from '@jest/globals';
import { lookedIll, lookedWell, type ServerRun, untold, type WellServed } from '../../../incident/models/health-runs.ts';
import { SILENCE_MAX_MS } from '../../../incident/models/served-spans.ts';

const SERVER = 'ml/InferenceService/churn';
const served: WellServed = { model: 'churn', registry: 'mlflow', address: 's3://models/churn/1', version: '1', settings: {} };
const well = (before: ServerRun | undefined, nowMs: number, change: Partial<WellServed> = {}) =>
  lookedWell(SERVER, before, { ...served, ...change }, nowMs);
/** Looks every so often from nought on. */
const lookEvery = (everyMs: number, looks: number) => {
  const news = [];
  let run: ServerRun | undefined;
  for (let n = 0; n < looks; n++) {
    const looked = well(run, n * everyMs);
    run = looked.run;
    news.push(...looked.news.map(({ fact }) => (fact.kind === 'healthy' ? [fact.seen.fromMs, fact.seen.untilMs] : fact.kind)));
  }
  return news;
};

describe('what is told of a server that is looked at again and again', () => {
  it('is that it is well, at once, and then every two minutes', () => {
    expect(lookEvery(20_000, 14)).toEqual([
      [0, 0],
      [0, 120_000],
      [0, 240_000],
    ]);
  });

  it('begins anew after a silence that was too long (safety 22)', () => {
    expect(lookEvery(SILENCE_MAX_MS, 2)).toEqual([
      [0, 0],
      [0, SILENCE_MAX_MS],
    ]);
    expect(lookEvery(SILENCE_MAX_MS + 1, 2)).toEqual([
      [0, 0],
      [SILENCE_MAX_MS + 1, SILENCE_MAX_MS + 1],
    ]);
  });

  it('begins anew where the clock went back (safety 25)', () => {
    const { run } = well(undefined, 1_000);
    expect(well(run, 999).news).toMatchObject([{ fact: { seen: { fromMs: 999, untilMs: 999 } } }]);
  });

  it('begins anew with another address or another model, and says at once which version an address is', () => {
    const { run } = well(undefined, 0, { version: null });
    expect(well(run, 1, { version: null }).news).toEqual([]);
    expect(well(run, 1, { address: 'other' }).run).toMatchObject({ fromMs: 1 });
    expect(well(run, 1, { model: 'other' }).news).toMatchObject([{ of: { model: 'other' }, fact: { seen: { fromMs: 1 } } }]);
    expect(well(run, 1).news).toMatchObject([{ fact: { seen: { version: '1', fromMs: 0 } } }]);
  });

  it('keeps which version it is while the registry is away', () => {
    const { run } = well(undefined, 0);
    expect(well(run, 1, { version: null })).toMatchObject({ run: { served: { version: '1' } }, news: [] });
  });

  it('is that it is ill, once, to the record of what it served before', () => {
    const first = lookedIll(SERVER, well(undefined, 0).run, { model: 'other', registry: null }, 1);
    expect(first.news).toEqual([{ of: { model: 'churn', registry: 'mlflow' }, fact: { kind: 'unhealthy', server: SERVER, atMs: 1 } }]);
    expect(lookedIll(SERVER, first.run, null, 2).news).toEqual([]);
    expect(well(first.run, 3).news).toMatchObject([{ fact: { seen: { fromMs: 3 } } }]);
  });

  it('is that it is ill where it was never looked at before, since who looked before may have seen it well', () => {
    expect(lookedIll(SERVER, undefined, { model: 'churn', registry: 'mlflow' }, 1).news).toHaveLength(1);
    expect(lookedIll(SERVER, undefined, null, 1).news).toEqual([]);
  });

  it('is told with the next look where it could not be told', () => {
    const { run } = well(undefined, 0);
    expect(well(untold(undefined, run), 1).news).toMatchObject([{ fact: { seen: { fromMs: 0, untilMs: 1 } } }]);
    const ill = untold(run, lookedIll(SERVER, run, null, 2).run);
    expect(lookedIll(SERVER, ill, null, 3).news).toMatchObject([{ fact: { kind: 'unhealthy', atMs: 3 } }]);
    const again = well(ill, 4);
    expect(again.news).toMatchObject([{ fact: { kind: 'unhealthy', atMs: 2 } }, { fact: { kind: 'healthy' } }]);
    expect(untold(ill, again.run)).toBe(ill);
  });
});
