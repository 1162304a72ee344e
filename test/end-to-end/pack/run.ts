import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { REAL_NODE_PARTS } from '../../../sandbox/parts/part.ts';
import { playPack } from './play-all.ts';
import { OUR_SCENARIOS, type PackedScenario, readPack } from './read-pack.ts';
import { baselineTable, reportOf, tableOf } from './table.ts';

const AT_ONCE = 6;

const program = new Command('npm run -s scenarios --')
  .description('inject faults into the sandbox, let Paramedic deal with them, and judge by the state of the cluster')
  .argument('[names...]', 'only scenarios whose file, name or failure type contains one of these')
  .option('--from <folder>', 'scenario files written elsewhere, in the format of docs/scenarios.md')
  .option('--real-node', 'those for a real node: real containers, for root on Linux')
  .option('--baseline', 'a healer that only restarts, in place of Paramedic')
  .option(
    '--json',
    'print one JSON document: {scenarios: [{name, failureType, expected, cause, end, right, wrongActions, seconds}], total, right, healedWithoutPerson, wrongActions}',
  )
  .option('--at-once <number>', 'so many at a time', wholeNumber, AT_ONCE)
  .option('--list', 'play nothing, and print which would be played')
  .addHelpText('after', '\nIt exits with 0 when all are right, with 1 when one is not, and with 2 when they cannot be played.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();
const {
  from,
  realNode = false,
  baseline = false,
  json,
  atOnce,
  list,
} = program.opts<{
  from?: string;
  realNode?: true;
  baseline?: true;
  json?: true;
  atOnce: number;
  list?: true;
}>();

try {
  const scenarios = chosen(readPack(...(from ? [resolve(from)] : OUR_SCENARIOS)));
  if (list) process.stdout.write(scenarios.map(({ file, name }) => `${file}: ${name}\n`).join(''));
  else await playThem(scenarios);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

function chosen(pack: readonly PackedScenario[]): PackedScenario[] {
  const kind = realNode ? 'real' : 'simulated';
  const wanted = ({ file, name, failureType, nodes }: PackedScenario) =>
    (nodes === kind || nodes === 'both') &&
    (program.args.length === 0 || program.args.some((asked) => [file, name, failureType].some((text) => text.includes(asked))));
  const scenarios = pack.filter(wanted);
  if (scenarios.length === 0) throw new Error(`No scenario for ${kind} nodes has ${program.args.join(' or ') || 'a file'}; see --list.`);
  return scenarios;
}

async function playThem(scenarios: readonly PackedScenario[]): Promise<void> {
  const include = realNode ? REAL_NODE_PARTS : [];
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const { rows, strayWrites } = await playPack(scenarios, { baseline, atOnce, include, progress });
  const report = reportOf(rows, strayWrites);
  const table = baseline ? baselineTable(rows) : tableOf(rows, strayWrites);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : table);
  if (!baseline && (report.right < report.total || report.wrongActions > 0)) process.exitCode = 1;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number, 1 or more.');
}
