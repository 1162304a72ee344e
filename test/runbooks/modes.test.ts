import { describe, expect, it } from '@jest/globals';
import { type Mode, type ModePolicy, modeFor } from '../../incident/mode.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import { faultText } from '../../runbooks/fault.ts';
import { parseRunbook } from '../../runbooks/load.ts';

const policy: ModePolicy = {
  mode: 'observe',
  modes: [
    { namespaces: ['staging', 'team-*-dev'], mode: 'auto' },
    { remedies: ['undoRelease'], mode: 'approve' },
    { namespaces: ['ml'], remedies: ['restart'], mode: 'auto' },
    { namespaces: ['payments'], mode: 'off' },
  ],
};

const CASES: readonly (readonly [string, RemedyName | null, Mode, string])[] = [
  ['prod', null, 'observe', 'its own, where no exception holds'],
  ['staging', null, 'auto', 'that of the namespace'],
  ['team-vision-dev', 'restart', 'auto', 'that of a pattern the namespace is like'],
  ['team-vision', 'restart', 'observe', 'its own, where the namespace is like no pattern'],
  ['ml', 'restart', 'auto', 'that of a remedy in the namespace'],
  ['ml', 'leaveNode', 'observe', 'its own, for another remedy there'],
  ['ml', null, 'observe', 'its own, for the whole runbook where only a remedy has another'],
  ['prod', 'undoRelease', 'approve', 'that of the remedy'],
  ['staging', 'undoRelease', 'approve', 'the most cautious of two that hold'],
  ['payments', 'undoRelease', 'off', 'off before everything'],
];

describe('the mode of a runbook', () => {
  it.each(CASES)('in %s for %p is %s: %s', (namespace, remedy, mode) => {
    expect(modeFor(policy, namespace, remedy)).toBe(mode);
  });
});

describe('a runbook with exceptions from its mode', () => {
  const faults = (modes: string) =>
    parseRunbook('a.yaml', `name: a\nfailureType: podCrash\nmatch: { alerts: [A] }\nremedies: [restart]\nmodes: ${modes}\n`).faults.map(
      faultText,
    );

  it('is without fault where each names namespaces or remedies of its own', () => {
    expect(faults('[{ namespaces: [ml], mode: auto }, { remedies: [restart], mode: off }]')).toEqual([]);
  });

  it.each([
    ['an exception that holds everywhere', '[{ mode: auto }]', 'a.yaml:5:9 modes.0: must name namespaces, remedies or both'],
    [
      'a remedy that it does not have',
      '[{ remedies: [undoRelease], mode: auto }]',
      'a.yaml:5:21 modes.0.remedies: undoRelease is no remedy of this runbook: it has restart',
    ],
    [
      'a mode that there is not',
      '[{ namespaces: [ml], mode: manual }]',
      'a.yaml:5:35 modes.0.mode: Invalid option: expected one of "off"|"observe"|"approve"|"auto"',
    ],
    [
      'no namespace at all',
      '[{ namespaces: [], mode: auto }]',
      'a.yaml:5:23 modes.0.namespaces: Too small: expected array to have >=1 items',
    ],
  ])('names the place of %s', (_, modes, fault) => {
    expect(faults(modes)).toEqual([fault]);
  });
});
