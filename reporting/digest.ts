import type { Digest, DigestLine, DigestWanted } from '../incident/digest.ts';
import { lengthText } from './length-text.ts';
import type { Figure, Report, Spread } from './measures/report.ts';
import { minuteText } from './period.ts';
import { shareText } from './sections/pieces.ts';

const NAMED_MAX = 8;
const TOP_MAX = 3;

/** The report in a few lines. What was nothing is left out, where its absence says nothing. */
export function digestOf(report: Report, { fromMs, toMs, cluster }: DigestWanted): Digest {
  const { summary, healing, pages, times, changes, guards, approvals, offenders, cost } = report;
  const line = (text: string, about: readonly number[] = []): DigestLine => ({ text, incidents: namesOf(report, about) });
  const { opened, ended, open } = summary;
  return {
    title: `Paramedic, ${minuteText(fromMs)} to ${minuteText(toMs)}${cluster === null ? '' : `, cluster ${cluster}`}`,
    key: JSON.stringify([cluster, fromMs, toMs]),
    toMs,
    lines: [
      line(`Incidents: ${opened.count} opened, ${ended.count} ended, ${open.count} open.`, open.incidents),
      line(
        `Healed without a person: ${shareText(healing.share)} (${healing.withoutPerson.count} of ${healing.toHeal.count}). Gone by itself: ${healing.selfResolved.count}. Pages avoided: ${pages.avoided.count}.`,
      ),
      ...some(healing.needed, (count) => line(`A person was needed or asked in ${count}.`, healing.needed.incidents)),
      line(
        `To detect: ${spreadText(times.detect)}. To first action: ${spreadText(times.firstAction.all)}. To recover: ${spreadText(times.recover.all)}.`,
      ),
      ...some(changes.worse, (count) => line(`Made it worse: ${count}.`, changes.worse.incidents)),
      ...some(changes.takenBack, (count) => line(`Changes taken back: ${count}.`, changes.takenBack.incidents)),
      ...some(changes.judgedWrong ?? { count: 0, incidents: [] }, (count) =>
        line(`Judged wrong by a person: ${count}.`, changes.judgedWrong?.incidents),
      ),
      ...some(changes.relapses, (count) => line(`Relapses within a day: ${count}.`, changes.relapses.incidents)),
      ...(guards.length === 0 ? [] : [line(`Guards refused: ${topText(guards)}.`)]),
      ...some(approvals.asked, (count) => line(`Questions to people: ${count}. Until they answered: ${spreadText(approvals.took)}.`)),
      ...(offenders.length === 0 ? [] : [line(`What failed most: ${topText(offenders)}.`)]),
      ...(cost === null
        ? []
        : [
            line(`Actions of Temporal: ${cost.total} by incidents, ${cost.beside.reduce((sum, { total }) => sum + total, 0)} beside them.`),
          ]),
      ...missing(report).map((text) => line(text)),
    ],
  };
}

function some({ count }: Figure, of: (count: number) => DigestLine): readonly DigestLine[] {
  return count === 0 ? [] : [of(count)];
}

function spreadText({ of, medianMs, p90Ms }: Spread): string {
  return medianMs === null || p90Ms === null
    ? 'none'
    : `median ${lengthText(medianMs)}, nine in ten within ${lengthText(p90Ms)} (of ${of})`;
}

function topText(groups: readonly { readonly name: string; readonly count: number }[]): string {
  const more = groups.length > TOP_MAX ? ` and ${groups.length - TOP_MAX} more` : '';
  return `${groups
    .slice(0, TOP_MAX)
    .map(({ name, count }) => `${name} (${count})`)
    .join(', ')}${more}`;
}

function namesOf({ incidents }: Report, numbers: readonly number[]): DigestLine['incidents'] {
  const found = numbers.flatMap((number) => incidents.find((one) => one.number === number) ?? []);
  return found.slice(0, NAMED_MAX).map(({ target, id, link }) => ({ name: target ?? id, link }));
}

function missing({ source }: Report): readonly string[] {
  if (source.kind !== 'temporal' || source.cutAt === null) return [];
  return [`Temporal keeps what has ended too short: what ended before ${minuteText(Date.parse(source.cutAt))} is missing here.`];
}

/** The digest as plain text. */
export function digestText({ title, lines }: Digest): string {
  const named = ({ incidents }: DigestLine) =>
    incidents.map(({ name, link }) => `\n    ${name}${link === null ? '' : `  ${link}`}`).join('');
  return [title, ...lines.map((one) => `  ${one.text}${named(one)}`), ''].join('\n');
}
