import { parseArgs } from 'node:util';
import { type Choice, type Lived, live } from './year/live.ts';
import { type Ladders, yearOf } from './year/world.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
const LADDERS: readonly Ladders[] = ['arbitrary', 'well ordered'];
const CHOICES: readonly Choice[] = ['fixed', 'learned', 'all-knowing'];
const COLUMNS = ['ladders', 'order', 'cured at the first rung', 'cured', 'acts', 'made worse', 'cut off', 'mean s', 'p90 s'];

/** `npm run bench -- learning [--json]`: simulated years of thousands of incidents, whose remedies cure with a rate that is hidden and drifts. */
export async function learning(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const rows = LADDERS.flatMap((ladders) => {
    const years = SEEDS.map((seed) => yearOf(seed, ladders));
    return CHOICES.map((choice) => ({ ladders, choice, ...figuresOf(years.map((year) => live(year, choice))) }));
  });
  process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : asTable(rows));
}

function figuresOf(years: readonly Lived[]) {
  const sum = (of: (year: Lived) => number) => years.reduce((all, year) => all + of(year), 0);
  const incidents = sum((year) => year.incidents);
  const seconds = years.flatMap((year) => year.seconds).sort((one, other) => one - other);
  return {
    incidents,
    atFirst: sum((year) => year.atFirst) / incidents,
    recovered: sum((year) => year.recovered) / incidents,
    acts: sum((year) => year.granted.length),
    worse: sum((year) => year.worse),
    cutOff: sum((year) => year.cutOff),
    meanSeconds: seconds.reduce((all, one) => all + one, 0) / seconds.length,
    p90Seconds: seconds[Math.floor(0.9 * seconds.length)]!,
  };
}

type Row = ReturnType<typeof figuresOf> & { readonly ladders: Ladders; readonly choice: Choice };

/** As Markdown, so that it can go into the documentation as it is. */
function asTable(rows: readonly Row[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const whole = (count: number) => Math.round(count).toLocaleString('en');
  const lines = rows.map((row) => [
    ...[row.ladders, row.choice, percent(row.atFirst), percent(row.recovered)],
    ...[row.acts, row.worse, row.cutOff, row.meanSeconds, row.p90Seconds].map(whole),
  ]);
  return [COLUMNS, COLUMNS.map((_, column) => (column < 2 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
}
