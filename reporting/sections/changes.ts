import type { Report } from '../measures/report.ts';
import { paragraph, type Section } from '../page/page.ts';
import { counted, groupBlocks, spreadCells, table } from './pieces.ts';

/** What was changed, and what of it was wrong. */
export function changesSection({ changes }: Report): Section {
  const { made, byRemedy, worse, takenBack, notTakenBack, notHelped, unknown, judgedWrong, dismissed, relapses } = changes;
  const verdicts = [...new Set(byRemedy.flatMap((one) => one.verdicts.map(({ name }) => name)))].sort();
  const rows = byRemedy.map((one) => [
    [one.name],
    [counted(one)],
    ...verdicts.map((name) => {
      const found = one.verdicts.find((verdict) => verdict.name === name);
      return [found ? counted(found) : '0'];
    }),
  ]);
  return {
    anchor: 'changes',
    title: 'What was changed, and what was wrong',
    blocks: [
      paragraph('Changes: ', counted(made), '.'),
      table('Changes by their remedy and the verdict on them', ['remedy', 'changes', ...verdicts], rows),
      {
        kind: 'list',
        items: [
          ['Made it worse: ', counted(worse), '. Did not help: ', counted(notHelped), '.'],
          ['Taken back: ', counted(takenBack), '. Could not be taken back: ', counted(notTakenBack), '.'],
          ['Not known whether it helped, or was made at all: ', counted(unknown), '.'],
          judgedWrong === null
            ? ['What people judged to be wrong an audit trail does not tell.']
            : ['Judged by a person to be wrong: ', counted(judgedWrong), '.'],
          ['Judged by a person to be no failure: ', counted(dismissed), '.'],
          ['Relapses, opened within a day after the same target was healed: ', counted(relapses), '.'],
        ],
      },
    ],
  };
}

/** What the guards held back. */
export function guardsSection({ guards }: Report): Section {
  return {
    anchor: 'guards',
    title: 'What the guards held back',
    blocks: groupBlocks('guard', 'Refusals of the guards', ['guard', 'refusals'], guards),
  };
}

/** What people were asked, and how long they took. */
export function approvalsSection({ approvals }: Report): Section {
  const { asked, approved, rejected, silent, handedOn, decided, voided, refused, took } = approvals;
  return {
    anchor: 'approvals',
    title: 'What people were asked',
    blocks: [
      {
        kind: 'table',
        caption: 'Leave and decisions',
        header: ['what', 'how often'],
        rows: [
          [['asked'], [counted(asked)]],
          [['approved'], [counted(approved)]],
          [['chose one of several'], [counted(decided)]],
          [['refused by a person'], [counted(rejected)]],
          [['nobody answered in time, which is no'], [counted(silent)]],
          [['handed on to another person'], [counted(handedOn)]],
          [['asked or decided in vain, since something changed'], [counted(voided)]],
          [['decisions that were not taken'], [counted(refused)]],
        ],
      },
      table(
        'From a question to what a person said',
        ['', 'decisions', 'median', 'nine in ten within', 'longest'],
        took.of === 0 ? [] : [[['time'], ...spreadCells(took)]],
      ),
    ],
  };
}
