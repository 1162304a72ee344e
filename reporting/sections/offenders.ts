import { lengthText } from '../length-text.ts';
import type { Report } from '../measures/report.ts';
import type { Section } from '../page/page.ts';
import { counted, groupBlocks, table } from './pieces.ts';

/** The targets that fail most. */
export function offendersSection({ offenders }: Report): Section {
  const caption = 'Targets about which most incidents were opened';
  const rows = offenders.map((one, index) => [
    [one.name],
    [counted(one, `offender-${index}`)],
    [String(one.handedOver)],
    [lengthText(one.failingMs)],
  ]);
  const [plot] = groupBlocks('offender', caption, ['target', 'incidents'], offenders);
  const listed = table(caption, ['target', 'incidents', 'of these a person was needed in', 'failed for'], rows);
  return { anchor: 'offenders', title: 'What fails most', blocks: offenders.length === 0 ? [listed] : [plot!, listed] };
}
