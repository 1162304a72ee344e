import { guardsSection } from './guards-section.ts';
import { html, type Markup, NOTHING } from './html.ts';
import { lastDaySection } from './last-day-section.ts';
import { openSection } from './open-section.ts';
import type { Reading } from './reader.ts';
import { needsPerson, type Status } from './status.ts';
import { STYLE } from './style.ts';
import { timeMark } from './times.ts';

const REFRESH_SECONDS = 30;

/** How a page is to be. */
export interface PageOptions {
  readonly cluster: string;
  /** It reads itself anew. */
  readonly isRefreshed: boolean;
}

/** The status as one document that needs nothing else, no script either. */
export function statusPage(reading: Reading, { cluster, isRefreshed }: PageOptions): string {
  const status = reading.kind === 'now' ? reading.status : reading.last;
  const refresh = isRefreshed ? html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : NOTHING;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}
<link rel="icon" href="data:,">
<title>${summaryOf(reading)} – Paramedic, ${cluster}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<header>
<h1>Paramedic <span>cluster ${cluster}</span></h1>
${refreshText(isRefreshed)}
</header>
<main>
${
  reading.kind === 'away'
    ? awayNotice(reading)
    : html`<p class="summary">${summaryOf(reading)}</p>
`
}${status === null ? NOTHING : sections(status)}</main>
</body>
</html>
`;
  return markup;
}

/** The whole of it in a few words, which a browser's tab shows as well. */
function summaryOf(reading: Reading): string {
  if (reading.kind === 'away') return 'Temporal is away';
  const { total, incidents } = reading.status.open;
  const waiting = incidents.filter(needsPerson).length;
  if (total === 0) return 'Nothing is open';
  return waiting === 0 ? `${total} open, nobody is needed` : `${waiting} of ${total} ${waiting === 1 ? 'needs' : 'need'} a person`;
}

/** Who reads slowly, or has it read to them, can keep the page as it is. */
function refreshText(isRefreshed: boolean): Markup {
  return isRefreshed
    ? html`<p>Read anew every ${REFRESH_SECONDS} seconds. <a href="?still">Keep it still</a></p>`
    : html`<p>Kept still. <a href="?">Read it anew every ${REFRESH_SECONDS} seconds</a></p>`;
}

function awayNotice({ why, last }: Extract<Reading, { readonly kind: 'away' }>): Markup {
  const known = last === null ? html`Nothing was read before.` : html`What follows is as it was at ${timeMark(last.at)} UTC.`;
  return html`<section class="notice" role="alert">
<h2>Temporal cannot be read</h2>
<p>${why} Incidents go on where they were once it is back. ${known}</p>
</section>
`;
}

function frozenNotice({ guards }: Status): Markup {
  const freezes = guards.flatMap((office) => office.freezes);
  if (freezes.length === 0) return NOTHING;
  return html`<section class="notice">
<h2>Frozen</h2>
<ul>
${freezes.map(
  (line) => html`<li>${line}</li>
`,
)}</ul>
</section>
`;
}

function sections(status: Status): Markup {
  return html`<p class="at">As of ${timeMark(status.at)}. All times are UTC.</p>
${frozenNotice(status)}<section aria-labelledby="now">
<h2 id="now">Now</h2>
${openSection(status)}</section>
<section aria-labelledby="guards">
<h2 id="guards">Guards</h2>
${guardsSection(status)}</section>
<section aria-labelledby="last-day">
<h2 id="last-day">The last 24 hours</h2>
${lastDaySection(status)}</section>
`;
}
