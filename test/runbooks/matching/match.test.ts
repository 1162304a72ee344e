import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FAILURE_TYPES } from '../../../incident/failure-type.ts';
import { TARGET_KINDS } from '../../../incident/target.ts';
import { loadRunbooks, parseRunbook } from '../../../runbooks/load.ts';
import { chooseRunbook, matchByKind, matchRunbook, whyBefore, whyMatched } from '../../../runbooks/match.ts';
import type { Runbook } from '../../../runbooks/schema.ts';

const shipped = loadRunbooks(join(import.meta.dirname, '..', '..', '..', 'runbooks')).runbooks;

function runbook(name: string, match: string, failureType = 'podCrash'): Runbook {
  const { runbooks, faults } = parseRunbook(`${name}.yaml`, `name: ${name}\nfailureType: ${failureType}\nremedies: []\nmatch: ${match}\n`);
  expect(faults).toEqual([]);
  return runbooks[0]!;
}

function alert(name: string, labels: Record<string, string> = {}, expression?: string) {
  return { name, status: 'firing' as const, fingerprint: '', labels: { alertname: name, ...labels }, annotations: {}, expression };
}

const matches = (match: string, ...[name, labels, expression]: Parameters<typeof alert>) =>
  matchRunbook(alert(name, labels, expression), [runbook('a', match)]) !== null;

describe('a runbook matches', () => {
  it('an exact name, or a pattern that is the whole name', () => {
    expect(matches('{ alerts: [Ranker] }', 'Ranker')).toBe(true);
    expect(matches('{ alerts: [Ranker] }', 'RankerSlow')).toBe(false);
    expect(matches("{ alerts: ['Rank*Slow'] }", 'RankerSlow')).toBe(true);
    expect(matches("{ alerts: ['Rank*Slow'] }", 'MyRankerSlow')).toBe(false);
  });

  it('all the words it asks for, in any order, one or another of each', () => {
    for (const name of ['RankerLatencyHigh', 'SlowRanker', 'ranker is slow'])
      expect(matches('{ words: [ranker, latency|slow] }', name)).toBe(true);
    expect(matches('{ words: [ranker, latency|slow] }', 'RankerDown')).toBe(false);
    expect(matches('\n  words:\n    - ranker\n    - latency|\n      slow', 'SlowRanker')).toBe(true);
  });

  it('labels with a value, one of several, a pattern, anything, or that are not there', () => {
    const labels = { team: 'ml', severity: 'critical' };
    for (const asked of ['team: ml', 'team: [ops, ml]', "severity: 'crit*'", "team: '*'", "tier: ''", "tier|team: '*'"])
      expect(matches(`{ alerts: [A], labels: { ${asked} } }`, 'A', labels)).toBe(true);
    for (const asked of ['team: ops', 'team: [ops]', "severity: '*low'", "tier: '*'", "team: ''", "tier|zone: '*'"])
      expect(matches(`{ alerts: [A], labels: { ${asked} } }`, 'A', labels)).toBe(false);
  });

  it('a reason of Kubernetes, in whichever label the rule puts it', () => {
    const reasons = '{ reasons: [OOMKilled] }';
    for (const label of ['reason', 'container_waiting_reason', 'last_terminated_reason'])
      expect(matches(reasons, 'Whatever', { [label]: 'OOMKilled' })).toBe(true);
    expect(matches(reasons, 'Whatever', { reason: 'Completed' })).toBe(false);
    expect(matches(reasons, 'Whatever', { note: 'OOMKilled' })).toBe(false);
  });

  it('what the rule reads, where the alert links to its rule', () => {
    const metrics = "{ words: [queue], metrics: ['vllm:*'] }";
    expect(matches(metrics, 'QueueHigh', {}, 'sum(vllm:num_requests_waiting) > 5 and on() up')).toBe(true);
    expect(matches(metrics, 'QueueHigh', {}, 'orders_waiting > 5')).toBe(false);
    expect(matches(metrics, 'QueueHigh')).toBe(false);
  });

  it('by any one of its alternatives, within the labels and kinds that hold for all, and by none of its exceptions', () => {
    const many = '{ labels: { team: ml }, any: [{ alerts: [A] }, { words: [ranker] }], except: [{ labels: { stage: test } }] }';
    expect(matches(many, 'A', { team: 'ml' })).toBe(true);
    expect(matches(many, 'RankerDown', { team: 'ml' })).toBe(true);
    expect(matches(many, 'A')).toBe(false);
    expect(matches(many, 'A', { team: 'ml', stage: 'test' })).toBe(false);
    const narrow = runbook('a', '{ kinds: [Deployment, Job], any: [{ alerts: [A], kinds: [Job, CronJob] }] }');
    expect(TARGET_KINDS.filter((kind) => matchRunbook(alert('A'), [narrow], kind))).toEqual(['Job']);
  });

  it('also what an exception for another kind names, as long as the kind is not known', () => {
    const notJobs = runbook('a', '{ alerts: [A], except: [{ alerts: [A], kinds: [Job] }] }');
    expect(([null, 'Deployment', 'Job'] as const).map((kind) => matchRunbook(alert('A'), [notJobs], kind) !== null)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('nothing without a name, whatever its labels say (safety 10)', () => {
    expect(matches('{ labels: { team: ml } }', '', { team: 'ml' })).toBe(false);
    expect(matches("{ alerts: ['*'] }", '')).toBe(false);
  });
});

describe('of several runbooks that match', () => {
  /** From the most to the least specific. */
  const ORDER = [
    '{ alerts: [RankerSlow], reasons: [Slow] }',
    '{ alerts: [RankerSlow], labels: { team: ml } }',
    '{ alerts: [RankerSlow], kinds: [Deployment] }',
    '{ alerts: [RankerSlow] }',
    '{ reasons: [Slow] }',
    "{ alerts: ['Ranker*'], labels: { team: ml, tier: a } }",
    "{ alerts: ['Ranker*'], labels: { team: ml } }",
    "{ alerts: ['Ranker*'], labels: { team: 'm*' } }",
    "{ alerts: ['Ranker*'] }",
    "{ alerts: ['Rank*'], labels: { team: '*' } }",
    "{ alerts: ['Rank*'] }",
    '{ words: [ranker, slow] }',
    "{ words: [ranker], labels: { team: '*' } }",
    '{ words: [ranker] }',
    "{ alerts: ['*'] }",
  ];
  const slow = alert('RankerSlow', { team: 'ml', tier: 'a', reason: 'Slow' });

  it('each is chosen before all that stand below it, and it says what decided', () => {
    const runbooks = ORDER.map((match, index) => runbook(`r${String(index).padStart(2, '0')}`, match));
    const { matched } = chooseRunbook(slow, runbooks.toReversed(), 'Deployment');
    expect(matched.map(({ runbook: { name } }) => name)).toEqual(runbooks.map(({ name }) => name));
    expect(whyBefore(matched[3]!, matched[4]!)).toBe('names the alert exactly');
    expect(whyBefore(matched[8]!, matched[9]!)).toBe('names more of the alert by its pattern');
    expect(whyMatched(matched[0]!)).toBe('asks for this very name, a reason');
  });

  it('where only words tell, the failure type that says more of the cause is', () => {
    const both = [runbook('a', '{ words: [ranker] }'), runbook('b', '{ words: [slow] }', 'outOfMemory')];
    expect(matchRunbook(slow, both)?.name).toBe('b');
  });

  it('equals are decided by their names, never by their order', () => {
    const both = [runbook('b', '{ alerts: [RankerSlow] }'), runbook('a', '{ alerts: [RankerSlow] }')];
    expect([matchRunbook(slow, both)?.name, matchRunbook(slow, both.toReversed())?.name]).toEqual(['a', 'a']);
  });
});

describe('what is left to people', () => {
  it.each([
    ['PrometheusBadConfig', 'monitoring'],
    ['KubeAPIDown', 'controlPlane'],
    ['KubeNodeNotReady', 'nodes'],
    ['PostgresqlDown', 'dataStores'],
    ['SslCertificateRevoked', 'certificates'],
    ['TemporalFrontendErrors', 'substrate'],
    ['HaproxyBackendDown', 'edge'],
    ['JenkinsLastBuildFailed', 'delivery'],
    ['FlinkJobIsNotRunning', 'otherSystems'],
  ])('is said of %s: it is about %s', (name, about) => {
    expect(chooseRunbook(alert(name), shipped, null)).toMatchObject({ runbook: null, leftAlone: { about } });
  });

  it('is taken by no pattern, words or labels, and only by a runbook that names it exactly', () => {
    const redis = alert('RedisDown', { team: 'ml' });
    for (const match of ["{ alerts: ['Redis*'] }", '{ words: [down] }', '{ labels: { team: ml } }'])
      expect(matchRunbook(redis, [runbook('a', match)])).toBeNull();
    expect(matchRunbook(redis, [runbook('a', '{ alerts: [RedisDown] }')])?.name).toBe('a');
  });
});

describe('matchRunbook()', () => {
  const names = fc.oneof(
    fc.constantFrom('KubePodCrashLooping', 'VLLMPodOOMKilled', 'TrainingJobFailed', 'DataDriftDetected', '__proto__', 'constructor', ''),
    fc.string({ maxLength: 40 }),
  );
  const labels = fc.dictionary(
    fc.oneof(fc.constantFrom('pod', 'reason', 'model', '__proto__', 'toString'), fc.string({ maxLength: 10 })),
    fc.string(),
  );

  it('gives the same for the same alert, whatever the order of runbooks and of labels', () => {
    fc.assert(
      fc.property(
        names,
        labels,
        fc.constantFrom(null, ...TARGET_KINDS),
        fc.shuffledSubarray([...shipped], { minLength: shipped.length }),
        (name, given, kind, shuffled) => {
          const turned = Object.fromEntries(Object.entries(given).toReversed());
          const one = matchRunbook(alert(name, given), shipped, kind)?.name;
          expect(matchRunbook({ ...alert(name), labels: turned }, shuffled, kind)?.name).toBe(one);
        },
      ),
    );
  });

  it('neither hangs nor fails over hostile names, labels, expressions and patterns', () => {
    const huge = 'KubePod'.repeat(200_000);
    const labelsOfObjects = JSON.parse('{"__proto__": "x", "constructor": "y", "hasOwnProperty": "z"}');
    const hostile = [
      runbook('a', "{ alerts: ['*a*a*a*a*a*a*a*a*b'] }"),
      runbook('c', "{ labels: { constructor: '*', toString: '' } }"),
      runbook('d', "{ words: [pod, loop], metrics: ['*x*y*z*'] }"),
    ];
    const began = Date.now();
    for (const name of [huge, '__proto__', 'a'.repeat(1_000_000), '\u0000', '\ud800'])
      for (const kind of [null, ...TARGET_KINDS])
        matchRunbook({ ...alert(name), labels: labelsOfObjects, expression: huge }, [...shipped, ...hostile], kind);
    expect(matchRunbook({ ...alert('X'), labels: {} }, hostile)).toBeNull();
    expect(matchRunbook({ ...alert('X'), labels: labelsOfObjects }, [hostile[1]!])?.name).toBe('c');
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  it('answers for 10,000 alerts within moments', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      alert(`RankerPod${index}LatencyHigh`, { namespace: 'ml', pod: `ranker-${index}` }),
    );
    const began = Date.now();
    for (const one of many) matchRunbook(one, shipped, 'Deployment');
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('knows an alert of every failure type among the shipped runbooks', () => {
    const told = [
      'PodCrashLooping',
      'DNSResolutionFailed',
      'ContainerOOMKilled',
      'KServeHighErrorRate',
      'TrainingJobFailed',
      'HPAMaxedOut',
      'DataDrift',
      'ModelAccuracyDrop',
    ];
    expect(new Set(told.map((name) => matchRunbook(alert(name), shipped)?.failureType))).toEqual(new Set(FAILURE_TYPES));
  });
});

describe('many alerts at once', () => {
  it('belong to whom each of them belongs alone, whatever labels tell them apart', () => {
    const all = [
      runbook('value', '{ alerts: [Ranker], labels: { team: [ml, data] } }'),
      runbook('there', "{ alerts: [Ranker], labels: { pod|deployment: '*', job: '' } }"),
      runbook('reason', '{ alerts: [Ranker], reasons: [OOMKilled], kinds: [Job] }'),
      runbook('rule', '{ metrics: [kube_pod_*] }'),
    ];
    const text = fc.option(fc.constantFrom('', 'ml', 'data', 'OOMKilled', 'x'), { nil: undefined });
    const labels = fc.record({ team: text, pod: text, deployment: text, job: text, reason: text, other: text });
    const one = fc.tuple(labels, fc.constantFrom('Ranker', 'Other', ''), fc.constantFrom(undefined, 'kube_pod_info > 1', 'up == 0'));
    const byKind = matchByKind(all);
    fc.assert(
      fc.property(one, fc.constantFrom(...TARGET_KINDS), ([given, name, expression], kind) => {
        const said = Object.fromEntries(Object.entries(given).flatMap(([label, value]) => (value === undefined ? [] : [[label, value]])));
        const told = alert(name, said, expression);
        expect(byKind(told).get(kind)?.name).toBe(matchRunbook(told, all, kind)?.name);
      }),
      { numRuns: 2_000 },
    );
  });
});
