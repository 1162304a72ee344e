import { describe, expect, it } from '@jest/globals';
import { stamped } from '../../drills/stamped.ts';

const ANCHOR = { name: 'anchor', uid: 'u' };
const template = { spec: { containers: [] } };
const LABELS = { labels: { 'paramedic.dev/drill': 'mine' } };

describe('a run that a drill makes', () => {
  it('goes by itself after an hour, and so does whatever repeats it, where nobody takes it away', () => {
    const made = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' }, ...{ spec: { template } } };
    expect(stamped(made, 'mine', ANCHOR)).toMatchObject({ spec: { ttlSecondsAfterFinished: 3_600, template: { metadata: LABELS } } });
  });

  it('has the mark in every template of a CronJob', () => {
    const made = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'a' }, ...{ spec: { jobTemplate: { spec: { template } } } } };
    expect(stamped(made, 'mine', ANCHOR)).toMatchObject({
      metadata: LABELS,
      spec: { jobTemplate: { metadata: LABELS, spec: { ttlSecondsAfterFinished: 3_600, template: { metadata: LABELS } } } },
    });
  });
});
