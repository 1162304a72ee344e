import { describe, expect, it } from '@jest/globals';
import { aftermath } from '../../incident/aftermath.ts';
import { changeText, inverse } from '../../incident/change.ts';
import type { NodeChange } from '../../incident/node-change.ts';
import type { Action } from '../../incident/plan.ts';

const change: NodeChange = {
  ...{ kind: 'node', node: 'n1', from: 'open', to: 'cordoned' },
  pods: [
    { name: 'ranker-1', uid: 'u1' },
    { name: 'ranker-2', uid: 'u2' },
  ],
};
const action: Action = {
  ...{ remedy: 'leaveNode', change, key: 'k1', before: '', after: '', actedAt: '', verifiedAt: null, undone: false },
  verdict: { kind: 'recovered', seen: '2/2 ready' },
};

describe('a node that was left', () => {
  it('is a person’s matter, with the commands for it, once the target is well', () => {
    expect(aftermath([action], 'bad-node')).toBe(
      'The target is well since it left node n1, which is still bad and stays cordoned: see what is wrong with it (kubectl describe node n1), and open it again once it is well (kubectl uncordon n1).',
    );
  });

  it.each<[string, Partial<Action>]>([
    ['it was taken back', { undone: true }],
    ['it did not help', { verdict: { kind: 'notRecovered', seen: '' } }],
    ['it was a pod alone', { change: { kind: 'pod', name: 'ranker-1', uid: 'u1' } }],
  ])('is not, when %s', (_case, other) => {
    expect(aftermath([{ ...action, ...other }], 'bad-node')).toBeNull();
  });

  it('is told with its pods, there and back', () => {
    const there = { before: 'node n1 open, with ranker-1, ranker-2', after: 'node n1 cordoned, without ranker-1, ranker-2' };
    expect(changeText(change)).toEqual(there);
    expect(changeText(inverse(change)!)).toEqual({ before: there.after, after: there.before });
    expect(inverse(inverse(change)!)).toEqual(change);
  });
});

describe('pods that were restarted before a leak had them killed', () => {
  const restarted = (name: string): Action => ({ ...action, remedy: 'restart', change: { kind: 'pod', name, uid: name } });

  it('are told with what a person has to do', () => {
    expect(aftermath([restarted('ranker-2')], 'memory-leak')).toBe(
      'ranker-2 was restarted before the memory limit was reached, which only puts it off: the program leaks, and a person has to mend it.',
    );
    expect(aftermath([restarted('ranker-2'), restarted('ranker-3')], 'memory-leak')).toContain('ranker-2 and ranker-3 were restarted');
  });

  it('are nobody’s matter where it was no leak', () => {
    expect(aftermath([restarted('ranker-2')], 'flake')).toBeNull();
    expect(aftermath([], 'memory-leak')).toBeNull();
  });
});
