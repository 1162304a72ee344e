import { type Command, InvalidArgumentError, Option } from 'commander';
import { clusterName, dataOption } from '../arguments.ts';
import type { DigestOptions } from './digest.ts';

const EIGHT = { hour: 8, minute: 0 };

export function addDigest(report: Command): void {
  report
    .command('digest')
    .description('have a digest of the report posted in a channel of Slack; without --every, --now or --off: list what is scheduled')
    .option('--channel <id>', "the channel's id in Slack, such as C012AB3CD", channelId)
    .addOption(new Option('--every <length>', 'post it every day, or on Mondays').choices(['day', 'week']))
    .addOption(new Option('--at <time>', 'when, such as 17:30').argParser(timeOfDay).default(EIGHT, '08:00'))
    .option('--zone <name>', 'of which time zone, such as Europe/Berlin', zone, 'UTC')
    .addOption(new Option('--now', 'post one now, of the last 7 days, or with --every day of the last').conflicts('off'))
    .addOption(new Option('--off', 'post none any more').conflicts(['now', 'every']))
    .option('--cluster <name>', 'only the incidents of this cluster (default: of all)', clusterName)
    .addOption(dataOption())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
A Schedule of Temporal begins it, and a worker with PARAMEDIC_SLACK_BOT_TOKEN makes and posts it. A channel has one; saying it again
changes it.

Examples:
  paramedic report digest --channel C012AB3CD --every week --at 08:00 --zone Europe/Berlin
  paramedic report digest --channel C012AB3CD --now
  paramedic report digest --channel C012AB3CD --off`,
    )
    .action((options: DigestOptions) => import('./digest.ts').then(({ setDigest }) => setDigest(options)));
}

function channelId(text: string): string {
  if (/^[CG][A-Z0-9]{2,}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the id of a channel, such as C012AB3CD; Slack shows it in the details of the channel.');
}

function timeOfDay(text: string): typeof EIGHT {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour !== undefined && minute !== undefined) return { hour: Number(hour), minute: Number(minute) };
  throw new InvalidArgumentError('It must be a time of the day from 00:00 to 23:59.');
}

function zone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('It must be the name of a time zone, such as Europe/Berlin.');
  }
}
