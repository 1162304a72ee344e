import { describe, expect, it } from '@jest/globals';
import { FAILURE_TYPES } from '../../incident/failure-type.ts';
import { incidentWorkflowId } from '../../incident/incident.ts';
import { byTelling, isSideOfOutage, tellsMore } from '../../incident/one-failure.ts';

const target = { cluster: 'prod', namespace: 'ml', kind: 'Deployment', name: 'ranker' } as const;

describe('one failure', () => {
  it('is one incident by whatever side of it an alert tells, beside those of data and of accuracy', () => {
    expect(Object.fromEntries(FAILURE_TYPES.map((type) => [type, incidentWorkflowId(type, target)]))).toEqual({
      podCrash: 'outage/prod/ml/Deployment/ranker',
      networkTimeout: 'outage/prod/ml/Deployment/ranker',
      outOfMemory: 'outage/prod/ml/Deployment/ranker',
      modelServingFailure: 'outage/prod/ml/Deployment/ranker',
      pipelineFailure: 'outage/prod/ml/Deployment/ranker',
      capacityShortage: 'outage/prod/ml/Deployment/ranker',
      dataQuality: 'data-quality/prod/ml/Deployment/ranker',
      accuracyDegradation: 'accuracy-degradation/prod/ml/Deployment/ranker',
    });
  });

  it('is led by what explains the others: a kill at the limit before a crash, a crash before what nobody reaches', () => {
    const sides = FAILURE_TYPES.filter(isSideOfOutage).sort(byTelling);
    expect([sides[0], sides[1], sides.at(-1)]).toEqual(['outOfMemory', 'podCrash', 'networkTimeout']);
  });

  it('has no side that tells more than itself, and none of what is no side of it', () => {
    for (const type of FAILURE_TYPES)
      for (const other of FAILURE_TYPES) {
        if (tellsMore(type, other)) expect(tellsMore(other, type)).toBe(false);
        if (!isSideOfOutage(type) || !isSideOfOutage(other)) expect(tellsMore(type, other)).toBe(false);
      }
  });
});
