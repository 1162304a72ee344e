import { describe, expect, it } from '@jest/globals';
import { type FailureSeen, withFailure, withoutPastStorms } from '../../../guards/ledger/failures.ts';
import { FAILURES_MAX, type Ledger, STORM_TARGETS_MAX, STORMS_MAX, SUSPECTS_MAX } from '../../../guards/ledger/ledger.ts';
import type { LimitLayer, Limits } from '../../../guards/limits.ts';
import type { Suspect } from '../../../incident/suspect.ts';
import { act, ledger, MINUTE_MS, NOW } from '../asked.ts';

const layer = (limits: Limits, from = 'the cluster'): LimitLayer => ({ from, limits });
/** Three targets within five minutes make a storm. */
const STORM = layer({ storm: { targets: 3, withinSeconds: 300 } });
const image: Suspect = { kind: 'image', name: 'ranker:2' };
const node: Suspect = { kind: 'node', name: 'worker-3' };
const cluster: Suspect = { kind: 'cluster', name: 'prod' };

const seen = (name: string, suspects: readonly Suspect[] = [], change: Partial<FailureSeen> = {}): FailureSeen => ({
  incident: `podCrash-${name}`,
  run: 'run-1',
  target: { cluster: 'prod', namespace: 'ml', kind: 'Deployment', name },
  suspects,
  limits: [STORM],
  ...change,
});
const entered = (before: Ledger, ...all: readonly FailureSeen[]) => all.reduce(withFailure, before);
const later = (before: Ledger, seconds: number): Ledger => ({ ...before, latestMs: before.latestMs + seconds * 1000 });
const targets = (...names: string[]) => names.map((name) => `ml/Deployment/${name}`);
const many = (count: number, suspects: readonly Suspect[], prefix = 't') =>
  Array.from({ length: count }, (_, index) => seen(`${prefix}${index}`, suspects));
/** Storms by what is suspected and how many targets share it. */
const storms = (of: Ledger) => of.storms.map(({ suspect, targetCount }) => [suspect.name, targetCount]);

describe('a failure', () => {
  it('is entered with what it shares, the cluster last', () => {
    expect(entered(ledger(), seen('a', [node])).failures).toEqual([
      { incident: 'podCrash-a', run: 'run-1', target: 'ml/Deployment/a', suspects: [node, cluster], atMs: NOW, isOpen: true },
    ]);
  });

  it('told again stands once, since it was first told, and is open again', () => {
    const first = entered(ledger(), seen('a'), seen('b'));
    const closed = { ...first, failures: first.failures.map((one) => ({ ...one, isOpen: false })) };
    const second = entered(later(closed, 60), seen('a', [image]));
    expect(second.failures).toMatchObject([
      { target: 'ml/Deployment/b', isOpen: false },
      { target: 'ml/Deployment/a', atMs: NOW, isOpen: true, suspects: [image, cluster] },
    ]);
    expect(entered(first, seen('a', [], { run: 'run-2' })).failures).toHaveLength(3);
  });

  it('is among the newest, and the oldest are let go', () => {
    const { failures } = entered(ledger(), ...many(FAILURES_MAX + 1, []));
    expect(failures).toHaveLength(FAILURES_MAX);
    expect(failures[0]!.target).toBe('ml/Deployment/t1');
  });

  it('is entered with the narrowest first, whatever the order in which it is told', () => {
    const kinds = ['modelVersion', 'image', 'registry', 'dependency', 'node', 'zone'] as const;
    const narrowest = kinds.map((kind): Suspect => ({ kind, name: 'a' }));
    expect(entered(ledger(), seen('a', narrowest.toReversed())).failures[0]!.suspects).toEqual([...narrowest, cluster]);
  });

  it('keeps what explains most of all that it shares', () => {
    const nodes = Array.from({ length: SUSPECTS_MAX }, (_, index): Suspect => ({ kind: 'node', name: `n${index}` }));
    const { suspects } = entered(ledger(), seen('a', [...nodes, image])).failures[0]!;
    expect(suspects).toEqual([image, ...nodes.slice(0, SUSPECTS_MAX - 2), cluster]);
  });
});

describe('a relapse', () => {
  const relapse = (limits: readonly LimitLayer[], ended = NOW - 10 * MINUTE_MS, change = {}) =>
    entered(ledger({ acts: [act({ endedMs: ended, ...change })] }), seen('ranker', [], { limits })).acts[0]!.relapsedMs;
  const within = (minutes: number, from = 'the cluster') => layer({ relapseSeconds: minutes * 60 }, from);

  it('is a failure within the window after a cure, which was none then (safety 4)', () => {
    expect(relapse([within(11)])).toBe(NOW);
    expect(relapse([within(10)])).toBeNull();
    expect(relapse([within(10)], NOW - 10 * MINUTE_MS + 1)).toBe(NOW);
  });

  it('is judged by the longest window of any layer, which is the tightest', () => {
    expect(relapse([within(1), within(11, 'namespace ml'), within(2, 'runbook pod-crash')])).toBe(NOW);
    expect(relapse([])).toBeNull();
  });

  it('marks nothing but lasting cures of this target by others', () => {
    expect(relapse([within(11)], NOW, { target: 'ml/Deployment/other' })).toBeNull();
    expect(relapse([within(11)], NOW, { outcome: 'failed' })).toBeNull();
    expect(relapse([within(11)], NOW, { relapsedMs: NOW - 5 })).toBe(NOW - 5);
    expect(relapse([within(11)], NOW, { incident: 'podCrash-ranker', run: 'run-1' })).toBeNull();
    expect(relapse([within(11)], NOW, { incident: 'podCrash-ranker', run: 'run-0' })).toBe(NOW);
  });
});

describe('a storm', () => {
  it('begins with as many targets as the limit that share something, and not before (safety 23)', () => {
    const two = entered(ledger(), seen('a', [image]), seen('b', [image]));
    expect(two.storms).toEqual([]);
    expect(entered(later(two, 10), seen('c', [image])).storms).toEqual([
      {
        ...{ suspect: image, sinceMs: NOW + 10_000, lastJoinedMs: NOW + 10_000 },
        ...{ targets: targets('a', 'b', 'c'), targetCount: 3, limit: { targets: 3, withinSeconds: 300 } },
      },
    ]);
  });

  it('counts a target once, however many incidents tell of it', () => {
    const twice = entered(ledger(), seen('a', [image]), seen('a', [image], { incident: 'other' }), seen('b', [image]));
    expect(twice.storms).toEqual([]);
  });

  it('counts only those within the window, from when each was first told', () => {
    const two = entered(ledger(), seen('a', [image]), seen('b', [image]));
    expect(storms(entered(later(two, 299), seen('c', [image])))).toEqual([['ranker:2', 3]]);
    expect(storms(entered(later(two, 300), seen('a', [image]), seen('b', [image]), seen('c', [image])))).toEqual([]);
  });

  it('is of what the most share, and of the narrowest where as many do', () => {
    const noted = (name: string, ...suspects: Suspect[]) => seen(name, suspects, { limits: [] });
    const asMany = [noted('x', node), noted('a', image), noted('b', image, node)];
    expect(storms(entered(ledger(), ...asMany, seen('c', [node, image])))).toEqual([['ranker:2', 3]]);
    expect(storms(entered(ledger(), noted('y', node), ...asMany, seen('c', [image, node])))).toEqual([['worker-3', 4]]);
  });

  it('is of something narrower than the cluster where enough share it, though more share the cluster', () => {
    const noted = many(9, []).map((one) => ({ ...one, limits: [] }));
    expect(
      storms(entered(ledger(), ...noted, ...many(3, [node], 'n').map((one, index) => (index < 2 ? { ...one, limits: [] } : one)))),
    ).toEqual([['worker-3', 3]]);
  });

  it('takes the place of a wider one that it explains, once enough are seen to share it (safety 23)', () => {
    const guess = entered(ledger(), ...['a', 'b', 'c'].map((name) => seen(name, [node])));
    expect(storms(guess)).toEqual([['worker-3', 3]]);
    const both = (name: string) => seen(name, [node, image]);
    expect(storms(entered(guess, both('a'), both('b')))).toEqual([['worker-3', 3]]);
    expect(storms(entered(guess, both('a'), both('b'), both('c')))).toEqual([['ranker:2', 3]]);
    // One that only the wider one explains keeps it.
    expect(storms(entered(guess, seen('d', [node]), both('a'), both('b'), both('c')))).toEqual([['worker-3', 4]]);
  });

  it('takes the place of none that is as wide or narrower, and of none that it explains in part (safety 23)', () => {
    const other: Suspect = { kind: 'node', name: 'worker-4' };
    const both = (...suspects: Suspect[]) => entered(ledger(), ...['a', 'b', 'c'].map((name) => seen(name, suspects)));
    expect(storms(entered(both(image, node), seen('d', [node])))).toEqual([
      ['ranker:2', 3],
      ['worker-3', 4],
    ]);
    expect(storms(entered(both(node, other), seen('d', [other])))).toEqual([
      ['worker-3', 3],
      ['worker-4', 4],
    ]);
    expect(
      storms(entered(both(node), seen('d', [node]), ...['a', 'b', 'c'].map((name) => seen(name, [node, image])), seen('e', [image]))),
    ).toEqual([
      ['worker-3', 4],
      ['ranker:2', 4],
    ]);
  });

  it('takes the place of one that was shared long ago by what is well by now', () => {
    const { failures } = entered(ledger(), seen('d', [node]));
    const healed = later(ledger({ failures: failures.map((one) => ({ ...one, isOpen: false })) }), 600);
    const guess = entered(healed, ...many(3, [node]));
    expect(storms(guess)).toEqual([['worker-3', 3]]);
    expect(storms(entered(guess, ...many(3, [node, image])))).toEqual([['ranker:2', 3]]);
  });

  it('takes the place of none that goes on failing since before the window (safety 23)', () => {
    const zone: Suspect = { kind: 'zone', name: 'west' };
    const before = later(entered(ledger(), ...many(3, [zone], 'z')), 600);
    expect(storms(entered(before, ...many(3, [image], 'i')))).toEqual([
      ['west', 3],
      ['ranker:2', 3],
    ]);
    expect(storms(entered(before, ...many(6, [], 'u')))).toEqual([
      ['west', 3],
      ['prod', 6],
    ]);
  });

  it('keeps apart what has one name and is not the same', () => {
    const names: Suspect[] = [
      { kind: 'node', name: 'a' },
      { kind: 'zone', name: 'a' },
      { kind: 'registry', name: 'a' },
    ];
    expect(entered(ledger(), ...names.map((one, index) => seen(`t${index}`, [one]))).storms).toEqual([]);
  });

  it('is of the whole cluster where twice as many share nothing else', () => {
    expect(storms(entered(ledger(), ...many(5, [])))).toEqual([]);
    expect(storms(entered(ledger(), ...many(6, [])))).toEqual([['prod', 6]]);
  });

  it('is never of the whole cluster for targets that another storm explains', () => {
    const one = entered(ledger(), ...many(9, [image]));
    expect(storms(one)).toEqual([['ranker:2', 9]]);
    const unrelated = entered(one, seen('u', [], { target: { cluster: 'prod', namespace: 'web', kind: 'Deployment', name: 'u' } }));
    expect(storms(unrelated)).toEqual([['ranker:2', 9]]);
    expect(storms(entered(one, ...many(5, [], 'u')))).toEqual([['ranker:2', 9]]);
    expect(storms(entered(one, ...many(6, [], 'u')))).toEqual([
      ['ranker:2', 9],
      ['prod', 6],
    ]);
  });

  it('is joined by every further target that shares it, and begins no second', () => {
    const three = entered(ledger(), ...many(3, [image]));
    const four = entered(later(three, 20), seen('d', [image, node]));
    expect(four.storms).toMatchObject([{ targetCount: 4, lastJoinedMs: NOW + 20_000, sinceMs: NOW }]);
    expect(four.storms[0]!.targets).toContain('ml/Deployment/d');
  });

  it('is no second one of what is known, though by now it explains a wider one too', () => {
    const zone: Suspect = { kind: 'zone', name: 'west' };
    const both = entered(ledger(), ...many(3, [zone], 'z'), ...many(3, [node], 'n'));
    expect(storms(entered(both, ...many(3, [zone, node], 'z'))).filter(([name]) => name === node.name)).toEqual([['worker-3', 6]]);
  });

  it('is no second one for a target that one explains already', () => {
    const noted = many(4, [node], 'n').map((one) => ({ ...one, limits: [] }));
    expect(storms(entered(ledger(), ...many(3, [image], 'i'), ...noted, seen('x', [image, node])))).toEqual([['ranker:2', 4]]);
  });

  it('is joined by what shares two storms in both', () => {
    const both = entered(ledger(), ...many(3, [image], 'i'), ...many(3, [node], 'n'));
    expect(storms(entered(both, seen('x', [node, image])))).toEqual([
      ['ranker:2', 4],
      ['worker-3', 4],
    ]);
  });

  it('is joined once by a target that is told again, also by another incident', () => {
    const three = entered(ledger(), ...many(3, [image]));
    const again = entered(later(three, 20), seen('t0', [image]), seen('t1', [image], { incident: 'other' }));
    expect(again.storms).toEqual(three.storms);
  });

  it('is joined by a target that is seen to share it only now', () => {
    const three = entered(ledger(), seen('x'), ...many(3, [image]));
    expect(storms(entered(three, seen('x', [image])))).toEqual([['ranker:2', 4]]);
  });

  it('names a hundred targets and counts the others, each once however often it is told', () => {
    const all = many(STORM_TARGETS_MAX + 5, [image]);
    const full = entered(ledger(), ...all);
    expect(full.storms[0]!.targets).toHaveLength(STORM_TARGETS_MAX);
    expect(storms(full)).toEqual([['ranker:2', STORM_TARGETS_MAX + 5]]);
    expect(entered(later(full, 60), ...all).storms).toEqual(full.storms);
  });

  it('names a hundred of those it begins with', () => {
    const limits = [layer({ storm: { targets: STORM_TARGETS_MAX + 2, withinSeconds: 300 } })];
    const big = entered(ledger(), ...many(STORM_TARGETS_MAX + 2, [image]).map((one) => ({ ...one, limits })));
    expect(big.storms[0]!.targets).toHaveLength(STORM_TARGETS_MAX);
    expect(storms(big)).toEqual([['ranker:2', STORM_TARGETS_MAX + 2]]);
  });

  it('is called by any layer, and by none where none says so', () => {
    const loose = layer({ storm: { targets: 50, withinSeconds: 300 } });
    const all = many(3, [image]);
    expect(entered(ledger(), ...all.map((one) => ({ ...one, limits: [loose, STORM] }))).storms).toMatchObject([{ limit: { targets: 3 } }]);
    expect(entered(ledger(), ...all.map((one) => ({ ...one, limits: [loose] }))).storms).toEqual([]);
    expect(entered(ledger(), ...all.map((one) => ({ ...one, limits: [] }))).storms).toEqual([]);
  });

  it('is the cluster’s when so many causes are there at once that one must be above them', () => {
    const each = Array.from({ length: STORMS_MAX }, (_, index) => many(3, [{ kind: 'image', name: `i${index}` }], `${index}-`));
    const full = entered(ledger(), ...each.flat());
    expect(full.storms).toHaveLength(STORMS_MAX);
    expect(full.storms.slice(0, -1).every(({ suspect }) => suspect.kind === 'image')).toBe(true);
    expect(full.storms.at(-1)).toMatchObject({ suspect: cluster, targetCount: 3 });
    expect(entered(full, ...many(3, [node], 'more')).storms).toHaveLength(STORMS_MAX);
    // It takes the place of none, though what led to it explains one.
    const but = entered(ledger(), ...each.slice(0, -1).flat());
    const noted = each[0]!.map((one) => ({ ...one, suspects: [...one.suspects, node], limits: [] }));
    const last = seen('last', [node, { kind: 'zone', name: 'west' }]);
    expect(storms(entered(but, ...noted, last))).toEqual([...storms(but), ['prod', 4]]);
  });
});

describe('withoutPastStorms()', () => {
  const three = entered(ledger(), ...many(3, [image]));
  const closing = (count: number, seconds: number) => {
    const failures = three.failures.map((one, index) => ({ ...one, isOpen: index >= count }));
    return withoutPastStorms(later({ ...three, failures }, seconds)).storms.length;
  };

  it('ends a storm once fewer still fail than make one, and nothing joined for the whole window', () => {
    expect(closing(1, 300)).toBe(0);
    expect(closing(1, 299)).toBe(1);
    expect(closing(0, 300)).toBe(1);
    expect(closing(0, 86_400)).toBe(1);
  });

  it('counts a target once, and only what shares the suspect', () => {
    const others = [...three.failures.slice(0, 2), { ...three.failures[0]!, incident: 'other' }];
    const elsewhere = entered(ledger(), ...many(3, [node], 'n')).failures;
    expect(withoutPastStorms(later({ ...three, failures: [...others, ...elsewhere] }, 300)).storms).toEqual([]);
  });

  it('ends one of the whole cluster once fewer than twice as many still fail', () => {
    const six = entered(ledger(), ...many(6, []));
    const failing = (count: number) => ({ ...six, failures: six.failures.map((one, index) => ({ ...one, isOpen: index < count })) });
    expect(six.storms).toMatchObject([{ suspect: cluster }]);
    expect(withoutPastStorms(later(failing(5), 300)).storms).toEqual([]);
    expect(withoutPastStorms(later(failing(6), 300)).storms).toHaveLength(1);
  });

  it('leaves a record without storms as it is', () => {
    expect(withoutPastStorms(ledger())).toEqual(ledger());
  });
});
