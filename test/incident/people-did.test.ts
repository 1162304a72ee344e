import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../incident/change.ts';
import type { Evidence } from '../../incident/evidence.ts';
import { peopleDid } from '../../incident/people-did.ts';
import { BAD_URI, evidence, failingModelServer, GOOD_URI, modelServer, readyPod, release, sickPod } from '../evidence.ts';
import { pipelineEvidence, run } from '../pipeline-evidence.ts';

const ill = evidence({ pods: [sickPod({})] });
const wellAgain = (change: Parameters<typeof evidence>[0] = {}) =>
  evidence({ pods: [{ ...readyPod('ranker-1'), uid: 'uid-ranker-1' }], ...change });
const undo: Change = { kind: 'podTemplate', from: release(2), to: release(1) };
const restart: Change = { kind: 'pod', name: 'ranker-1', uid: 'uid-ranker-1' };
const limit = (value: string) => ({ limit: value, request: null });
const memory: Change = { kind: 'memory', container: 'main', from: limit('128Mi'), to: limit('256Mi') };
const version = (number: string, address: string) => ({ version: number, address });
const rollBack: Change = {
  kind: 'modelVersion',
  model: 'churn',
  registry: 'mlflow',
  from: version('2', BAD_URI),
  to: version('1', GOOD_URI),
};
const retry: Change = { kind: 'furtherRun', from: null, to: { name: 'train-2', memory: {} } };
const scale: Change = { kind: 'networkPolicy', name: 'deny', from: null, to: null };

describe('what others did, beside what would have been done', () => {
  const undone = wellAgain({ generation: 3, releases: [release(3, { hash: 'hash-1' }), release(2)], pods: [readyPod('ranker-9', 1)] });
  const newer = wellAgain({ generation: 3, releases: [release(3), release(2)], pods: [readyPod('ranker-9', 3)] });
  const replaced = wellAgain({ pods: [readyPod('ranker-9')] });

  it.each<[string, Change, Evidence, Evidence, string]>([
    ['the release before is the newest again', undo, ill, undone, 'same'],
    ['a newer one came', undo, ill, newer, 'other'],
    ['nothing is other than it was', undo, ill, wellAgain(), 'nothing'],
    ['the failing pod was replaced where the release was to be undone', undo, ill, replaced, 'other'],
    ['the failing pod was replaced', restart, ill, replaced, 'same'],
    ['the pod came round', restart, ill, wellAgain(), 'nothing'],
    ['a release replaced the pod', restart, ill, newer, 'other'],
    ['its memory was raised, to whatever', memory, ill, wellAgain({ generation: 3, memory: { main: limit('1Gi') } }), 'same'],
    ['its memory was lowered', memory, ill, wellAgain({ generation: 3, memory: { main: limit('64Mi') } }), 'other'],
    ['the good version is wanted', rollBack, failingModelServer(), modelServer({ generation: 3 }), 'same'],
    [
      'a third version is wanted',
      rollBack,
      failingModelServer(),
      modelServer({ generation: 3, served: { wanted: 's3://models/churn/3' } }),
      'other',
    ],
    [
      'a further run was begun',
      retry,
      pipelineEvidence({ runs: [run({ uid: 'a' })] }),
      pipelineEvidence({ runs: [run({ uid: 'b' }), run({ uid: 'a' })] }),
      'same',
    ],
    ['what was changed is not in the evidence', scale, ill, wellAgain(), 'unseen'],
  ])('%s: %s', (_, change, before, after, did) => {
    expect(peopleDid(change, before, after)).toBe(did);
  });
});
