import type { Report, Source } from '../measures/report.ts';
import { type Block, type Page, paragraph } from '../page/page.ts';
import { minuteText, periodText } from '../period.ts';
import { approvalsSection, changesSection, guardsSection } from './changes.ts';
import { costSection } from './cost.ts';
import { healingSection } from './healing.ts';
import { incidentsSection } from './incidents.ts';
import { offendersSection } from './offenders.ts';
import { successSection } from './success.ts';
import { summarySection } from './summary.ts';
import { timesSection } from './times.ts';

/** The report for people. It says what stands in the figures, and nothing else. */
export function reportPage(report: Report): Page {
  const { period, made, source } = report;
  return {
    title: `Paramedic: how well it worked ${periodText({ fromMs: Date.parse(period.from), toMs: Date.parse(period.to) })}`,
    blocks: [
      ...sourceBlocks(source, made),
      paragraph('Every figure and every bar leads to the incidents that it counts, which are called by their numbers.'),
    ],
    sections: [
      ...[summarySection, healingSection, timesSection, changesSection, guardsSection, approvalsSection, offendersSection],
      ...[costSection, successSection, incidentsSection],
    ].map((section) => section(report)),
  };
}

/** From what it was made, and what is missing there. */
function sourceBlocks(source: Source, made: string): readonly Block[] {
  if (source.kind === 'trail')
    return [
      paragraph(
        `Made at ${made} from the audit trail in ${source.files.join(', ')}.${source.faults > 0 ? ` It is broken in ${source.faults} places; lines that are not as they were written are not counted.` : ''}${source.notUnderstood > 0 ? ` Not understood by this release, and not counted: ${source.notUnderstood} lines.` : ''}`,
      ),
    ];
  const { cluster, cutAt, keptMs, gone } = source;
  const missing = [
    ...(cutAt === null || keptMs === null
      ? []
      : [
          `Temporal keeps what has ended for ${Math.round(keptMs / 3_600_000)} hours, so that incidents that ended before ${minuteText(Date.parse(cutAt))} are missing; the audit trail has them (--trail).`,
        ]),
    ...(keptMs === null ? ['For how long Temporal keeps what has ended it does not say, so that something may be missing.'] : []),
    ...(gone > 0 ? [`The history of ${gone} runs was gone when it was to be read.`] : []),
  ];
  return [
    paragraph(
      `Made at ${made} from the histories of incidents in Temporal, ${cluster === null ? 'of all clusters' : `of the cluster ${cluster}`}.`,
    ),
    ...missing.map((sentence) => paragraph(sentence)),
  ];
}
