import { escapeHtml } from './escape-html.ts';
import type { Bar, Plot } from './page.ts';

const WIDTH = 860;
const HEIGHT = 220;
const LEFT = 40;
const TOP = 12;
const BELOW = 36;
const ROW = 26;
const NAME = 260;
/** Of a row, room for its number. */
const AFTER = 50;
/** A name of about so many letters has room. */
const LETTERS_MAX = 36;
const LABELS_MAX = 12;
const LINES = 4;

/** A plot as inline SVG, whose bars link to the figures that they show. */
export function plotSvg(plot: Plot): string {
  const { caption, parts, bars } = plot;
  const legend = parts.map(
    ({ name, tone }) =>
      `<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${tone}" width="10" height="10"/></svg>${escapeHtml(name)}</li>`,
  );
  return `<figure><figcaption>${escapeHtml(caption)}</figcaption>
${parts.length > 1 ? `<ul class="legend">${legend.join('')}</ul>\n` : ''}${bars === 'columns' ? columns(plot) : rows(plot)}
</figure>`;
}

function columns(plot: Plot): string {
  const { all } = plot;
  const max = topOf(Math.max(...all.map(sumOf), 1));
  const tall = HEIGHT - TOP - BELOW;
  const step = (WIDTH - LEFT) / Math.max(1, all.length);
  const width = Math.min(48, step * 0.76);
  const every = Math.ceil(all.length / LABELS_MAX);
  const lines = Array.from({ length: LINES + 1 }, (_, index) => (max / LINES) * index).map((value) => {
    const y = HEIGHT - BELOW - (value / max) * tall;
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${round(y)}" y2="${round(y)}"/><text x="${LEFT - 6}" y="${round(y + 4)}" text-anchor="end">${value}</text>`;
  });
  const drawn = all.map((bar, index) => {
    const x = LEFT + step * index + (step - width) / 2;
    let y = HEIGHT - BELOW;
    const stacked = bar.parts.map((part) => {
      const high = (part.value / max) * tall;
      y -= high;
      return partSvg(plot, bar, part, { x, y, width, height: high });
    });
    const label =
      index % every === 0
        ? `<text x="${round(x + width / 2)}" y="${HEIGHT - BELOW + 18}" text-anchor="middle">${escapeHtml(cut(bar.label))}</text>`
        : '';
    return `${stacked.join('')}${label}`;
  });
  return svg(plot, HEIGHT, [...lines, ...drawn]);
}

function rows(plot: Plot): string {
  const { all } = plot;
  const max = Math.max(...all.map(sumOf), 1);
  const wide = WIDTH - NAME - AFTER;
  const drawn = all.map((bar, index) => {
    const y = index * ROW;
    let x = NAME;
    const lying = bar.parts.map((part) => {
      const width = (part.value / max) * wide;
      const drawnPart = partSvg(plot, bar, part, { x, y: y + 4, width, height: ROW - 8 });
      x += width;
      return drawnPart;
    });
    return `<text x="${NAME - 8}" y="${y + ROW / 2 + 4}" text-anchor="end">${escapeHtml(cut(bar.label))}</text>${lying.join('')}<text x="${round(x + 6)}" y="${y + ROW / 2 + 4}">${sumOf(bar)}</text>`;
  });
  return svg(plot, Math.max(1, all.length) * ROW, drawn);
}

function svg({ caption }: Plot, height: number, drawn: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="${escapeHtml(caption)}">
${drawn.join('\n')}
</svg>`;
}

function partSvg(
  { parts }: Plot,
  { label }: Bar,
  { of, value, anchor }: Bar['parts'][number],
  at: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>,
): string {
  if (value === 0) return '';
  const { name, tone } = parts[of]!;
  const what = `${label}, ${name}: ${value}`;
  return `<a href="#${anchor}" aria-label="${escapeHtml(what)}"><rect class="${tone}" x="${round(at.x)}" y="${round(at.y)}" width="${round(at.width)}" height="${round(at.height)}"><title>${escapeHtml(what)}</title></rect></a>`;
}

/** The least number not below it that the lines of a plot part into whole ones. */
function topOf(max: number): number {
  return Math.ceil(max / LINES) * LINES;
}

function sumOf({ parts }: Bar): number {
  return parts.reduce((sum, { value }) => sum + value, 0);
}

/** The end of a long name, which tells most. */
function cut(text: string): string {
  return text.length <= LETTERS_MAX ? text : `…${text.slice(1 - LETTERS_MAX)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
