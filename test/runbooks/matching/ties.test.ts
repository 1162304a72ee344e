import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { faultText } from '../../../runbooks/fault.ts';
import { loadRunbooks } from '../../../runbooks/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-ties-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function faults(one: string, other: string, types = ['podCrash', 'podCrash']): string[] {
  for (const [index, match] of [one, other].entries())
    writeFileSync(
      join(folder, `${'ab'[index]}.yaml`),
      `name: ${'ab'[index]}\nfailureType: ${types[index]}\nremedies: []\nmatch: ${match}\n`,
    );
  return loadRunbooks(folder).faults.map(faultText);
}

describe('two runbooks that can claim one alert equally', () => {
  it('are a fault at the place of the second, which names the first', () => {
    expect(faults('{ alerts: [B, A] }', '{ any: [{ words: [x] }, { alerts: [C, A] }] }')).toEqual([
      `${join(folder, 'b.yaml')}:4:46 match.any.1.alerts.1: "A" is matched just as specifically by "a" of ${join(folder, 'a.yaml')}; let one ask for another name, a label, a reason or other kinds`,
    ]);
  });

  it.each([
    ['the same pattern of as many letters', "{ alerts: ['Kube*Slow'] }", "{ alerts: ['*PodsDown', '*KubeSlow'] }"],
    ['the same label', '{ alerts: [A], labels: { team: ml } }', '{ alerts: [A], labels: { team: [ml, ops] } }'],
    ['labels that an alert may have both', '{ alerts: [A], labels: { team: ml } }', '{ alerts: [A], labels: { tier: a } }'],
    ['the same reason', '{ reasons: [OOMKilled, Error] }', '{ reasons: [Error] }'],
    ['words that one name may have, of one failure type', '{ words: [pod] }', '{ words: [crash] }'],
    ['as many kinds, one of them the same', '{ alerts: [A], kinds: [Job, CronJob] }', '{ alerts: [A], kinds: [Job, TrainJob] }'],
  ])('have %s', (_, one, other) => {
    expect(faults(one, other)).toHaveLength(1);
  });

  it.each([
    ['another name', '{ alerts: [A] }', '{ alerts: [B] }'],
    ['a name where the other has a pattern', '{ alerts: [A] }', "{ alerts: ['A*'] }"],
    ['patterns that no name fits both of', "{ alerts: ['Kube*'] }", "{ alerts: ['Ray*r'] }"],
    ['more labels', '{ alerts: [A], labels: { team: ml } }', '{ alerts: [A] }'],
    ['another value of a label', '{ alerts: [A], labels: { team: ml } }', '{ alerts: [A], labels: { team: ops } }'],
    ['a label that the other wants gone', "{ alerts: [A], labels: { team: '*' } }", "{ alerts: [A], labels: { team: '' } }"],
    ['other kinds', '{ alerts: [A], kinds: [Job] }', '{ alerts: [A], kinds: [CronJob] }'],
    ['fewer kinds', '{ alerts: [A], kinds: [Job] }', '{ alerts: [A], kinds: [Job, CronJob] }'],
    ['other reasons', '{ reasons: [OOMKilled] }', '{ reasons: [Error] }'],
    ['an exception for the name', '{ alerts: [A] }', "{ alerts: [A], except: [{ alerts: ['A*'] }] }"],
  ])('are none where one has %s', (_, one, other) => {
    expect(faults(one, other)).toEqual([]);
  });

  it('are none by words alone where their failure types differ, since these have an order', () => {
    expect(faults('{ words: [pod] }', '{ words: [memory] }', ['podCrash', 'outOfMemory'])).toEqual([]);
  });
});

describe('a match that says too little, or too much', () => {
  it.each([
    ['{}', 'match: must say at least one of alerts, words, reasons, labels, metrics and any'],
    ['{ kinds: [Job] }', 'match: must say at least one of alerts, words, reasons, labels, metrics and any'],
    ['{ any: [{ kinds: [Job] }] }', 'match.any.0: must say at least one of alerts, words, reasons, labels and metrics'],
    ['{ any: [{ alerts: [A] }], alerts: [B] }', 'match.alerts: cannot stand beside any; put it into one of its entries'],
    ['{ words: [Pod] }', 'match.words.0: must be beginnings of words in lower case, or several joined by |'],
    ["{ labels: { 'a-b': c } }", 'match.labels.a-b: must be the name of a label, or several joined by |'],
    [`{ alerts: ['${'*a'.repeat(10)}'] }`, 'match.alerts.0: must have nine * at most'],
  ])('%s is a fault', (match, fault) => {
    expect(faults(match, '{ alerts: [A] }').map((text) => text.replace(/^\S+ /, ''))).toEqual([fault]);
  });
});
