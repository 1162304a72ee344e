import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFreeze, readScope } from '../../workflows/freeze-call.ts';
import type { FreezeCall } from '../../workflows/messages.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const freezing = (call: unknown) => () => readFreeze(call as FreezeCall, NOW);
const YEAR_SECONDS = 366 * 86_400;

describe('readFreeze()', () => {
  const everything = { namespace: null, runbook: null, by: 'a person', reason: '', untilMs: null };

  it.each([undefined, null, {}, { namespace: null, runbook: null, forSeconds: null, by: '', reason: '' }])(
    'takes %j for everything, until it is thawed',
    (call) => {
      expect(freezing(call)()).toEqual(everything);
    },
  );

  it('takes what a person says', () => {
    const call = { namespace: 'ml', runbook: 'pod-crash', forSeconds: 90, by: 'ada', reason: 'release night' };
    const scope = { namespace: 'ml', runbook: 'pod-crash' };
    expect(freezing(call)()).toEqual({ ...scope, by: 'ada', reason: 'release night', untilMs: NOW + 90_000 });
  });

  it('names who calls as the others know them, by whichever way they come', () => {
    const by = (person: unknown) => freezing({ by: person })().by;
    expect(by({ id: 'ann@laptop', name: 'ann@laptop', way: 'commandLine', groups: [] })).toBe('ann@laptop');
    expect(by({ id: 'U0ANN', name: 'ann', way: 'slack', groups: [] })).toBe('ann (Slack user U0ANN)');
    expect(by({ id: 'U0ANN', name: 'U0ANN', way: 'slack', groups: [] })).toBe('Slack user U0ANN');
    expect(freezing({ by: { id: 'ann', name: 'ann', way: 'pigeon', groups: [] } })).toThrow('Cannot understand "by"');
  });

  it.each([
    [1, 1_000],
    [1.0001, 1_001],
    [YEAR_SECONDS, YEAR_SECONDS * 1000],
  ])('freezes for %s s', (forSeconds, lengthMs) => {
    expect(freezing({ forSeconds })().untilMs).toBe(NOW + lengthMs);
  });

  it.each([0, 0.999, -1, YEAR_SECONDS + 1, Number.NaN, Number.POSITIVE_INFINITY, '60', '1h', true, {}])(
    'refuses to freeze for %p s',
    (forSeconds) => {
      expect(freezing({ forSeconds })).toThrow(
        `Cannot freeze for ${JSON.stringify(forSeconds)} s: forSeconds must be a number of seconds from 1 to 31622400, or left out.`,
      );
    },
  );

  it.each(['by', 'reason'])('bounds what it is told in "%s", and refuses what is no text', (key) => {
    expect(freezing({ [key]: 'x'.repeat(300) })()).toMatchObject({ [key]: 'x'.repeat(300) });
    const text = `Cannot understand "${key}": it must be a text of at most 300 characters.`;
    expect(freezing({ [key]: 'x'.repeat(301) })).toThrow(text);
    expect(freezing({ [key]: 7 })).toThrow(text);
  });

  it('refuses a slip in the scope too', () => {
    expect(freezing({ namespaces: 'ml' })).toThrow('Cannot understand "namespaces"');
  });
});

describe('readScope()', () => {
  const scoping = (call: unknown) => () => readScope(call as FreezeCall);

  it.each([undefined, null, {}, { namespace: null }, { runbook: undefined, by: 'ada' }])('takes %j for everything', (call) => {
    expect(scoping(call)()).toBeNull();
  });

  it.each([
    [{ namespace: 'ml' }, { namespace: 'ml', runbook: null }],
    [{ runbook: 'pod-crash' }, { namespace: null, runbook: 'pod-crash' }],
    [
      { namespace: '2-ml', runbook: 'a' },
      { namespace: '2-ml', runbook: 'a' },
    ],
  ])('takes %j as it is said', (call, scope) => {
    expect(scoping(call)()).toEqual(scope);
  });

  it.each(['namespace', 'runbook'])('takes an empty %s for a slip, never for everything (safety 10)', (key) => {
    expect(scoping({ [key]: '' })).toThrow(`Cannot understand "${key}": "" is not the name of a ${key}; leave it out for every ${key}.`);
  });

  it.each([' ml', 'ML', 'ml,web', 'ml web', '-ml', '*', 'ml\n', 7, ['ml'], false, 'x'.repeat(301)])(
    'refuses %j, which names nothing, so that nobody believes it frozen',
    (namespace) => {
      expect(scoping({ namespace })).toThrow('is not the name of a namespace');
    },
  );

  it('takes a long name, and tells no more of one that is too long than can be read', () => {
    expect(scoping({ namespace: 'x'.repeat(300) })()).not.toBeNull();
    expect(scoping({ namespace: 'x'.repeat(10_000) })).toThrow(/^Cannot understand "namespace": "x{299} is not/);
  });

  it('names what it does not know, and what it does', () => {
    expect(scoping({ namespace: 'ml', for: '1h' })).toThrow(
      'Cannot understand "for": only namespace, runbook, forSeconds, by, reason may be given.',
    );
  });

  it.each(['ml', 7, true, []])('refuses %j, which is no object', (call) => {
    expect(scoping(call)).toThrow(
      `Cannot understand ${JSON.stringify(call)}: it must be an object such as {"namespace": "ml"}, or {} for everything.`,
    );
  });

  it('of anything is a scope, everything only when nothing is named, or a sentence (safety 10)', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (namespace, runbook) => {
        let scope: ReturnType<typeof readScope>;
        try {
          scope = readScope({ namespace, runbook } as FreezeCall);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Cannot understand "(namespace|runbook)": .+\.$/s);
          return;
        }
        expect(scope).toEqual(namespace === null && runbook === null ? null : { namespace, runbook });
      }),
    );
  });
});
