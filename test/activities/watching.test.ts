import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { SERVERS_MAX, type ServerRuns, type Watched, watchingActivities } from '../../activities/watching.ts';
import { TargetGone } from '../../clients/failures.ts';
import type { ModelRecordKeeper, ModelRef } from '../../clients/model-records.ts';
import type { ModelServers, ServerList } from '../../clients/model-servers.ts';
import { QUIET_CONTEXT } from '../../incident/context.ts';
import type { Evidence } from '../../incident/evidence.ts';
import type { ModelFact } from '../../incident/models/model-facts.ts';
import type { Target } from '../../incident/target.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, modelServer } from '../evidence.ts';

const churn: Target = { cluster: 'test', namespace: 'ml', kind: 'InferenceService', name: 'churn' };
const CHURN = 'ml/InferenceService/churn';
const server = (name: string): Target => ({ ...churn, name });

/** What plays the cluster, look after look; the last state stays. */
interface Play {
  readonly looks: readonly (Evidence | Error)[];
  readonly list?: () => Promise<ServerList>;
  readonly golden?: Awaited<ReturnType<ModelServers['askGolden']>>;
  readonly tell?: () => void;
  readonly given?: ServerRuns;
  readonly heartbeatDetails?: ServerRuns;
  readonly isEnding?: () => boolean;
}

/** Watches until every state was looked at. Returns what the records were told, and what is handed back. */
async function watch({ looks, list, golden = QUIET_CONTEXT.golden, tell = () => undefined, given = {}, heartbeatDetails, isEnding }: Play) {
  let looked = 0;
  const told: { readonly of: ModelRef; readonly fact: ModelFact; readonly begins: boolean }[] = [];
  const hear = (begins: boolean) => async (of: ModelRef, facts: readonly ModelFact[]) => {
    tell();
    told.push(...facts.map((fact) => ({ of, fact, begins })));
    return true;
  };
  const records = {
    kept: async () => null,
    tell: async (...args: [ModelRef, readonly ModelFact[]]) => void (await hear(true)(...args)),
    tellIfKept: hear(false),
  };
  const servers: ModelServers = {
    list: list ?? (async () => ({ servers: [churn], unlisted: [] })),
    askGolden: async () => golden,
    async observe() {
      const state = looks[Math.min(looked++, looks.length - 1)]!;
      if (state instanceof Error) throw state;
      return state;
    },
  };
  const pace = { isEnding: isEnding ?? (() => looked >= looks.length), lookEveryMs: 1 };
  const environment = new MockActivityEnvironment(heartbeatDetails ? { heartbeatDetails } : {});
  const watched = (await environment.run(
    watchingActivities(servers, records satisfies ModelRecordKeeper, pace).watchModels,
    given,
  )) as Watched;
  return { told, facts: told.map(({ fact }) => (fact.kind === 'healthy' ? fact.seen.address : fact.kind)), watched, looked };
}

const wrongAnswer = { kind: 'read' as const, value: { kind: 'wrong' as const, by: 'churn-0', why: 'outputs differ' } };

describe('the watch of model servers', () => {
  it('tells the record of a model that its server is well, with its version and where its record is kept', async () => {
    const { told } = await watch({ looks: [modelServer({})] });
    expect(told).toEqual([
      {
        of: { cluster: 'test', registry: 'mlflow', model: 'churn' },
        begins: true,
        fact: { kind: 'healthy', seen: expect.objectContaining({ server: CHURN, address: GOOD_URI, version: '1' }) },
      },
    ]);
  });

  it('tells nothing again while nothing changes', async () => {
    expect((await watch({ looks: [modelServer({}), modelServer({}), modelServer({})] })).facts).toEqual([GOOD_URI]);
  });

  it('tells that a server is ill once, and that another version is well (safety 19)', async () => {
    const second = modelServer({ served: { wanted: BAD_URI, serving: [BAD_URI] } });
    const { facts, told } = await watch({ looks: [modelServer({}), failingModelServer(), failingModelServer(), second] });
    expect(facts).toEqual([GOOD_URI, 'unhealthy', BAD_URI]);
    expect(told[1]).toMatchObject({ begins: false });
  });

  it('takes a server that answers its golden request wrongly for ill, and tells nothing of one that cannot be asked (safety 18, 19)', async () => {
    expect((await watch({ looks: [modelServer({})], golden: wrongAnswer })).facts).toEqual(['unhealthy']);
    const unreadable = { kind: 'unreadable' as const, what: 'the answer', reason: 'pods/proxy is missing' };
    expect((await watch({ looks: [modelServer({})], golden: unreadable })).facts).toEqual([]);
  });

  it('takes a server that cannot be read for neither well nor ill (safety 18)', async () => {
    const { facts, watched } = await watch({ looks: [modelServer({}), new Error('timeout'), modelServer({})] });
    expect(facts).toEqual([GOOD_URI]);
    expect(watched.runs[CHURN]).toMatchObject({ kind: 'well' });
  });

  it('forgets a server that is gone', async () => {
    expect((await watch({ looks: [modelServer({}), new TargetGone('It does not exist.')] })).watched.runs).toEqual({});
  });

  it('tells nothing of what says of no model that it serves it', async () => {
    expect((await watch({ looks: [evidence({}), evidence({})] })).facts).toEqual([]);
  });

  it('tells what it could not tell with the next look', async () => {
    let calls = 0;
    const tell = () => {
      if (++calls === 2) throw new Error('14 UNAVAILABLE');
    };
    const { facts } = await watch({ looks: [modelServer({}), failingModelServer(), modelServer({})], tell });
    expect(facts).toEqual([GOOD_URI, 'unhealthy', GOOD_URI]);
  });

  it('goes on where a worker that died left it, and else where the workflow says (safety 1)', async () => {
    const well = (await watch({ looks: [modelServer({})] })).watched.runs;
    expect((await watch({ looks: [modelServer({})], given: well })).facts).toEqual([]);
    expect((await watch({ looks: [modelServer({})], heartbeatDetails: well })).facts).toEqual([]);
    expect((await watch({ looks: [modelServer({})], given: well, heartbeatDetails: {} })).facts).toEqual([GOOD_URI]);
  });

  it('looks at no more servers than it can, the first by name, and says how many are left', async () => {
    const many = Array.from({ length: SERVERS_MAX + 3 }, (_, n) => server(`churn-${1_000 - n}`));
    const { watched, looked } = await watch({
      looks: Array(SERVERS_MAX).fill(modelServer({})),
      list: async () => ({ servers: many, unlisted: [] }),
    });
    expect(looked).toBe(SERVERS_MAX);
    expect(watched).toMatchObject({ servers: SERVERS_MAX, left: 3 });
    expect(Object.keys(watched.runs).sort()[0]).toBe('ml/InferenceService/churn-1000');
  });

  it('hands on what could not be listed, and takes it for no empty cluster (safety 10, 22)', async () => {
    const isEnding = () => true;
    const { watched } = await watch({ looks: [], isEnding, list: async () => ({ servers: [], unlisted: ['the Rollouts: forbidden'] }) });
    expect(watched.unlisted).toEqual(['the Rollouts: forbidden']);
    const away = await watch({ looks: [], isEnding, list: () => Promise.reject(new Error('connection refused')) });
    expect(away.watched.unlisted).toEqual(['connection refused']);
  });

  it('is handed back at once when its worker is told to end, with all that it knew', async () => {
    const given = (await watch({ looks: [modelServer({})] })).watched.runs;
    const { watched, looked } = await watch({ looks: [], given, isEnding: () => true });
    expect(looked).toBe(0);
    expect(watched.runs).toEqual(given);
  });
});
