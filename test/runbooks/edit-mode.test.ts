import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MODES, type Mode } from '../../incident/mode.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import { modeElsewhere, withModeOf } from '../../runbooks/edit-mode.ts';
import { parseRunbook } from '../../runbooks/load.ts';

const runbook = (modes: string) => `name: a
failureType: podCrash
match: { alerts: [A] }
# How much is done alone.
mode: observe # for now
${modes}remedies: [restart, undoRelease]
`;
const changed = (modes: string, remedy: RemedyName, mode: Mode) => withModeOf(runbook(modes), remedy, mode);

describe('the mode of a remedy, written into a runbook', () => {
  it.each([
    ['below the mode, where there were no exceptions', '', 'modes:\n  - { remedies: [restart], mode: auto }\n'],
    [
      'after the other exceptions, with their comments as they were',
      'modes:\n  # there first\n  - { namespaces: [ml], mode: approve } # by all\n',
      'modes:\n  # there first\n  - { namespaces: [ml], mode: approve } # by all\n  - { remedies: [restart], mode: auto }\n',
    ],
    [
      'in place of its own exception',
      'modes:\n- { remedies: [restart], mode: approve }\n- { remedies: [undoRelease], mode: approve }\n',
      'modes:\n- { remedies: [undoRelease], mode: approve }\n- { remedies: [restart], mode: auto }\n',
    ],
    [
      'out of an exception that others share, which goes on for those',
      'modes:\n  - remedies: [restart, undoRelease]\n    mode: approve\n',
      'modes:\n  - { remedies: [undoRelease], mode: approve }\n  - { remedies: [restart], mode: auto }\n',
    ],
    [
      'into a list on one line, which is written anew',
      'modes: [{ namespaces: ["team-*"], remedies: [restart], mode: off }]\n',
      "modes:\n  - { namespaces: ['team-*'], remedies: [restart], mode: off }\n  - { remedies: [restart], mode: auto }\n",
    ],
  ])('stands %s', (_, before, after) => {
    expect(changed(before, 'restart', 'auto')).toBe(runbook(after));
  });

  it('is refused where the runbook has faults', () => {
    expect(() => withModeOf('name: a', 'restart', 'auto')).toThrow('Cannot change the mode of a remedy in a runbook that has faults.');
  });

  const FILES = readdirSync('runbooks').filter((file) => file.endsWith('.yaml') && !/^(limits|channels|sources)|\.test\./.test(file));
  it.each(FILES)('is what was asked for in the shipped %s, and nothing else is another than it was', (file) => {
    const text = readFileSync(`runbooks/${file}`, 'utf8');
    const [before] = parseRunbook(file, text).runbooks;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.constantFrom(...MODES)), { maxLength: 6 }), (moves) => {
        let edited = text;
        const wanted = new Map<RemedyName, Mode>();
        for (const [index, mode] of before!.remedies.length === 0 ? [] : moves) {
          const remedy = before!.remedies[index % before!.remedies.length]!;
          edited = withModeOf(edited, remedy, mode);
          wanted.set(remedy, mode);
        }
        const [after] = parseRunbook(file, edited).runbooks;
        expect({ ...after, modes: [] }).toEqual({ ...before, modes: [] });
        for (const remedy of before!.remedies) expect(modeElsewhere(after!, remedy)).toBe(wanted.get(remedy) ?? 'observe');
        // Only lines are added: whoever reads the diff sees nothing but the exceptions.
        expect(edited.split('\n').filter((line) => !text.split('\n').includes(line) && !/^ {2}- |^modes:$/.test(line))).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
