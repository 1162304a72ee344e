import { describe, expect, it } from '@jest/globals';
import { isWriteTo, judge, type Played, type Write } from '../../drills/judge.ts';
import type { Drill } from '../../drills/schema.ts';

const target = { kind: 'Deployment', name: 'ranker' };
const expected = (expect: Drill['expect'], mayChange?: Drill['mayChange']) => ({ expect, target, mayChange });
const CURE = expected({ cause: 'bad-release', end: 'healed', remedy: 'undoRelease' });
const HAND_OVER = expected({ cause: 'bad-release', end: 'handedOver' });
const LEAVE = expected({ cause: 'bad-release', end: 'leftAlone' });

const write = (resource: string, name: string): Write => ({ verb: 'patch', resource, name });
const played = (of: Partial<Played>): Played => ({
  cause: 'bad-release',
  end: 'healed',
  remedies: [],
  seconds: 3,
  failing: [],
  said: null,
  writes: [],
  ...of,
});
const CURED = played({ remedies: ['undoRelease'], writes: [write('deployments', 'ranker')] });

describe('the judge', () => {
  it('is content with the right cause, the right remedy, and checks that hold', () => {
    expect(judge(CURE, CURED)).toEqual({ causeRight: true, endRight: true, wrongActions: 0, right: true, why: [] });
  });

  it.each<[string, Parameters<typeof judge>[0], Played, Partial<ReturnType<typeof judge>>]>([
    ['another cause', CURE, { ...CURED, cause: 'flake' }, { causeRight: false, endRight: true }],
    ['a cure that the cluster does not show', CURE, { ...CURED, failing: ['it is not ready'] }, { causeRight: true, endRight: false }],
    ['health that no act brought', CURE, played({ end: 'leftAlone' }), { endRight: false, wrongActions: 0 }],
    ['a cure by another remedy', CURE, { ...CURED, remedies: ['restart'] }, { endRight: false, wrongActions: 1 }],
    ['a second remedy beside the right one', CURE, { ...CURED, remedies: ['restart', 'undoRelease'] }, { endRight: true, wrongActions: 1 }],
    ['a write beside the target', CURE, { ...CURED, writes: [write('deployments', 'other')] }, { endRight: true, wrongActions: 1 }],
    ['an act where a person is to be asked', HAND_OVER, { ...CURED, end: 'handedOver' }, { endRight: true, wrongActions: 1 }],
    ['an act where nothing is to be done', LEAVE, { ...CURED, end: 'leftAlone' }, { endRight: false, wrongActions: 1 }],
    ['a scenario that could not be played', LEAVE, played({ end: 'notPlayed', failing: ['no'] }), { endRight: false }],
    ['an incident that never began', HAND_OVER, played({ cause: null, end: 'none' }), { causeRight: false, endRight: false }],
  ])('is not content with %s', (_what, scenario, found, said) => {
    const judgement = judge(scenario, found);
    expect(judgement).toMatchObject({ ...said, right: false });
    expect(judgement.why).not.toEqual([]);
  });

  it('lets an act be tried and taken back where the scenario says so', () => {
    const tried = expected({ cause: 'bad-release', end: 'handedOver' }, [target]);
    expect(judge(tried, played({ end: 'handedOver', writes: CURED.writes })).right).toBe(true);
  });

  it('lets what is named be changed beside a target that is to be healed', () => {
    const policy = { kind: 'NetworkPolicy', name: 'deny' };
    const writes = [...CURED.writes, write('networkpolicies', 'deny')];
    expect(judge(expected(CURE.expect, [policy]), { ...CURED, writes }).wrongActions).toBe(0);
    expect(judge(CURE, { ...CURED, writes }).wrongActions).toBe(1);
  });

  it('does not mind that a person hears of what is to be left alone', () => {
    expect(judge(LEAVE, played({ end: 'handedOver' })).right).toBe(true);
  });
});

describe('a write', () => {
  it.each([
    ['deployments', 'ranker', 'Deployment', true],
    ['deployments', 'ranker-2', 'Deployment', false],
    ['pods/eviction', 'ranker-798b98b69-2bbvs', 'Deployment', true],
    ['pods/eviction', 'ranker-api-798b98b69-2bbvs', 'Deployment', false],
    ['pods/eviction', 'ranker-0', 'StatefulSet', true],
    ['inferenceservices', 'ranker', 'InferenceService', true],
    ['pods', 'ranker-predictor-5d4f-x7x7x', 'InferenceService', true],
    ['jobs', 'ranker-retry-1', 'Job', true],
    ['jobs', 'ranker-2', 'Job', false],
    ['jobs', 'ranker-28a9f01bc2', 'CronJob', true],
    ['jobs', 'ranker-retry-1', 'Deployment', false],
    ['networkpolicies', 'ranker', 'NetworkPolicy', true],
    ['deployments', 'ranker', 'ConfigMap', false],
  ])('to %s %s is one to the %s ranker: %#', (resource, name, kind, is) => {
    expect(isWriteTo(write(resource, name), { kind, name: 'ranker' })).toBe(is);
  });
});
