import { personText } from '../../../incident/person.ts';
import type { Act } from '../../../reporting/acts.ts';
import { timesToDecide, timesToDetect, timesToMitigate } from '../../../reporting/durations.ts';
import { grouped } from '../../../reporting/grouped.ts';
import { actCount, commandCount, countOf, entryCount, spread } from '../../../reporting/page/figures.ts';
import { type Block, type Page, type Piece, paragraph, type Section } from '../../../reporting/page/page.ts';
import { type Period, periodText } from '../../../reporting/period.ts';
import { causeOf, outcomeOf, saidOf, thoseWith } from '../../../reporting/said.ts';
import type { Command } from '../../../reporting/stories.ts';
import { counted } from '../../counted.ts';
import type { Facts } from './facts.ts';
import { FRAMEWORK, versionName } from './framework.ts';
import { incidentSection, type LinkTo } from './incident-section.ts';

/** What a report is about, beside its facts. */
export interface About {
  readonly period: Period & { readonly toMs: number };
  readonly files: readonly string[];
  /** When it was made. */
  readonly madeMs: number;
  readonly linkTo: LinkTo;
}

/** The whole report: it says what the trail holds of a period, and nothing else. */
export function buildPage(facts: Facts, { period, files, madeMs, linkTo }: About): Page {
  const acts = Map.groupBy(facts.acts, ({ story }) => story);
  return {
    title: `Paramedic: what was decided and done ${periodText(period)}`,
    blocks: [...trailBlocks(facts, files, madeMs)],
    sections: [
      incidents(facts),
      changes(facts),
      people(facts),
      heldBack(facts),
      times(facts),
      gaps(facts),
      framework(facts),
      {
        anchor: 'incidents',
        title: 'The incidents one by one',
        blocks: facts.stories.length === 0 ? [paragraph('The trail tells of no incident in this period.')] : [],
        sections: facts.stories.map((story) => incidentSection(story, acts.get(story) ?? [], linkTo)),
      },
    ],
  };
}

function trailBlocks({ verified, notUnderstood, codes }: Facts, files: readonly string[], madeMs: number): readonly Block[] {
  const { faults, lines, writers, from, to } = verified;
  const [first] = faults;
  const writtenBy = [...new Set(codes.map(codeText))].sort();
  return [
    paragraph(
      `Made at ${new Date(madeMs).toISOString()} from the audit trail in ${files.join(', ')}: ${counted(lines, 'line')} of ${counted(writers, 'writer')}${from === null ? '' : `, written from ${from} to ${to}`}.`,
    ),
    paragraph(
      first
        ? `The trail is broken in ${counted(faults.length, 'place')}, the first at ${first.file}:${first.line} (${first.kind}): ${first.text} Lines that are not as they were written are not counted.`
        : 'By its chain of hashes no line of it was changed, taken out, put in or moved. Whether its end was cut off the histories in Temporal tell: "paramedic audit verify --temporal".',
    ),
    ...(notUnderstood > 0 ? [paragraph(`Not understood by this release, and not counted: ${counted(notUnderstood, 'line')}.`)] : []),
    ...(writtenBy.length > 0 ? [paragraph(`Written by Paramedic ${writtenBy.join(', ')}.`)] : []),
    paragraph('Every figure names the incidents it counts, by their numbers below; C1, C2 and so on are commands that people gave.'),
  ];
}

function codeText({ version, commit }: { readonly version: string; readonly commit?: string | undefined }): string {
  return commit === undefined ? version : `${version} (${commit.slice(0, 12)})`;
}

function table(caption: string, header: readonly string[], rows: readonly (readonly (readonly Piece[])[])[]): Block {
  return rows.length === 0 ? paragraph(`${caption}: none in this period.`) : { kind: 'table', caption, header, rows };
}

function incidents({ opened, closed, stories }: Facts): Section {
  const by = (caption: string, what: string, of: Facts['opened'], nameOf: (story: Facts['opened'][number]) => string) =>
    table(
      caption,
      [what, 'incidents'],
      grouped(of, nameOf).map(([name, some]) => [[name], [countOf(some)]]),
    );
  return {
    anchor: 'summary',
    title: 'Incidents',
    blocks: [
      paragraph('Told of in this period: ', countOf(stories), '. Opened in it: ', countOf(opened), '. Ended in it: ', countOf(closed), '.'),
      by('How they ended', 'outcome', closed, (story) => outcomeOf(story) ?? 'not said'),
      by('Types of failure', 'type', opened, (story) => saidOf(story, 'failureType') ?? 'not said'),
      by('Runbooks and their versions', 'runbook', opened, (story) => versionName(saidOf(story, 'runbook'))),
      by('Causes', 'cause', stories, (story) => causeOf(story) ?? 'none named'),
    ],
  };
}

function changes({ acts }: Facts): Section {
  const verdict = ({ made, verdict: seen }: Act) => (made === 'notMade' ? 'not made' : (seen ?? 'no verdict'));
  return {
    anchor: 'changes',
    title: 'What was changed',
    blocks: [
      table(
        'Changes and their verdicts',
        ['remedy', 'verdict', 'changes'],
        grouped(acts, (act) => JSON.stringify([act.remedy, verdict(act)])).map(([, some]) => [
          [some[0]!.remedy],
          [verdict(some[0]!)],
          [actCount(some)],
        ]),
      ),
      paragraph(
        ...['Taken back since it did not help: ', actCount(acts.filter(({ takenBack }) => takenBack === 'yes'))],
        ...['. Could not be taken back: ', actCount(acts.filter(({ takenBack }) => takenBack === 'failed'))],
        ...['. Whether it was made is not known: ', actCount(acts.filter(({ made }) => made === 'unknown')), '.'],
      ),
    ],
  };
}

function people({ stories, commands, closed }: Facts): Section {
  const count = (is: Parameters<typeof entryCount>[1]) => [entryCount(stories, is)];
  const rows: readonly (readonly (readonly Piece[])[])[] = [
    [['asked for leave or a decision'], count(({ step }) => step === 'Asked')],
    [['approved'], count(({ step }) => step === 'Approved')],
    [['chose an option'], count(({ step }) => step === 'Decided')],
    [['refused by a person'], count(({ step, who }) => step === 'Rejected' && who !== undefined)],
    [['nobody answered in time, which is no'], count(({ step, who }) => step === 'Rejected' && who === undefined)],
    [['handed on to another person'], count(({ step }) => step === 'HandedOn')],
    [['asked or decided in vain, since something changed'], count(({ step }) => step === 'Voided')],
    [['decisions that were refused'], count(({ step }) => step === 'DecisionRefused')],
    [['handed over to a person'], [countOf(thoseWith(stories, ({ step }) => step === 'Escalated'))]],
    [
      ['ended by a person: cancelled, or dismissed as none'],
      [countOf(closed.filter((story) => ['cancelled', 'dismissed'].includes(outcomeOf(story) ?? '')))],
    ],
    [['commands given'], [commandCount(commands)]],
  ];
  return {
    anchor: 'people',
    title: 'What people were asked, decided and commanded',
    blocks: [
      { kind: 'table', caption: 'People', header: ['what', 'how often'], rows },
      paragraph('Time from a question to what a person said: ', spread(timesToDecide(stories)), '.'),
      ...(commands.length === 0 ? [] : [paragraph('Commands of people:')]),
    ],
    sections: commands.map(commandSection),
  };
}

function commandSection({ number, entry: { at, command = 'command', text, who, incident } }: Command): Section {
  return {
    anchor: `command-${number}`,
    title: `C${number}: ${command}`,
    blocks: [paragraph(`${at}, ${who ? personText(who) : 'somebody who is not named'}, at ${incident}: ${text}`)],
  };
}

function heldBack({ stories, demotions }: Facts): Section {
  const refusals = stories.flatMap((story) => story.within.filter(({ step }) => step === 'Refused').map((entry) => ({ story, entry })));
  return {
    anchor: 'guards',
    title: 'What the guards held back',
    blocks: [
      table(
        'Refusals of the guards',
        ['guard', 'refusals'],
        grouped(refusals, ({ entry }) => entry.guard ?? 'not said').map(([guard]) => [
          [guard],
          [entryCount(stories, (entry) => entry.step === 'Refused' && (entry.guard ?? 'not said') === guard)],
        ]),
      ),
      table(
        'What a person must allow from then on',
        ['when', 'what, and why'],
        demotions.map(({ at, text }) => [[at], [text]]),
      ),
    ],
  };
}

function times({ stories }: Facts): Section {
  return {
    anchor: 'times',
    title: 'How long it took',
    blocks: [
      {
        kind: 'list',
        items: [
          [
            'To detect, from when the source of the alert saw it begin until the incident was opened: ',
            spread(timesToDetect(stories)),
            '.',
          ],
          ['To mitigate, from when it was opened to the verdict that it is well or contained: ', spread(timesToMitigate(stories)), '.'],
          ['To decide, from a question to what a person said: ', spread(timesToDecide(stories)), '.'],
        ],
      },
    ],
  };
}

function gaps({ stories }: Facts): Section {
  return {
    anchor: 'gaps',
    title: 'What could not be told, and what is missing',
    blocks: [
      {
        kind: 'list',
        items: [
          ['Messages that a channel did not take: ', entryCount(stories, ({ step }) => step === 'NotTold'), '.'],
          ['Entries that tell of something missing: ', entryCount(stories, ({ step }) => step === 'NotReported'), '.'],
          [
            'Incidents of which the trail does not tell that they ended: ',
            countOf(stories.filter((story) => !story.entries.some(({ step }) => step === 'Closed'))),
            '.',
          ],
        ],
      },
    ],
  };
}

function framework(facts: Facts): Section {
  return {
    anchor: 'nist-ai-rmf',
    title: 'What this supports of the NIST AI RMF 1.0',
    blocks: [
      paragraph(
        'The NIST AI Risk Management Framework (NIST AI 100-1) is voluntary. Each row says how Paramedic supports the work on one of its ids, and what the trail holds of that in this period. What else that work needs, and whether it is enough, this report does not say.',
      ),
      {
        kind: 'table',
        caption: 'Ids of the NIST AI RMF',
        header: ['id', 'what it is about', 'Paramedic supports it by', 'in this period'],
        rows: FRAMEWORK.map(({ id, gist, by, figures }) => [[id], [gist], [by], joined(figures(facts))]),
      },
    ],
  };
}

function joined(lines: readonly (readonly Piece[])[]): readonly Piece[] {
  if (lines.length === 0) return ['nothing'];
  return lines.flatMap((line, index) => (index === 0 ? line : ['; ', ...line]));
}
