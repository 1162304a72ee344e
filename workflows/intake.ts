import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { escapeMarkdown } from '../incident/markdown.ts';
import type { Brought, LeftOver, Portion } from '../incident/portion.ts';
import { bringAlerts } from './calls.ts';
import { handedOver, type IntakeInput } from './messages.ts';

/** What could not be brought is tried again so often, once all else has been. */
const AGAIN_MS = 60_000;
/** An input may have two megabytes. */
const CARRIED_CHARACTERS_MAX = 1_000_000;

/** What became of all that was handed over to one run of an intake. */
type Sum = Omit<Brought, 'left' | 'next'>;

/**
 * Holds what came in large bodies, and brings it to its incidents in the order in which it came: an alert's end must not come before its
 * beginning. It ends when it has nothing left, and the next large body begins it again.
 */
export async function intake({ cluster, waiting: carried = [] }: IntakeInput): Promise<Sum> {
  let waiting = [...carried];
  let aside: readonly LeftOver[] = [];
  let sum: Sum = { joined: 0, resolved: 0, ignored: {} };
  setHandler(handedOver, (portion) => {
    // What a sender repeats before it is brought need be so only once, after all that came in between.
    waiting = [...waiting.filter(({ digest }) => digest !== portion.digest), portion];
  });
  for (;;) {
    setCurrentDetails(intakeText(cluster, waiting, aside, sum));
    const portion = waiting.shift();
    if (portion) {
      for (let from: number | null = 0; from !== null; ) {
        const brought: Brought = await bringAlerts(portion, from);
        sum = added(sum, brought);
        if (brought.left) aside = [...aside, brought.left];
        from = brought.next;
        setCurrentDetails(intakeText(cluster, waiting, aside, sum));
      }
    } else if (aside.length > 0) {
      const hasMore = () => waiting.length > 0;
      if (await condition(hasMore, AGAIN_MS, { summary: 'Try again what could not be brought' })) continue;
      waiting = aside.map((left) => left.portion);
      aside = [];
    } else return sum;
    const rest = [...aside.map((left) => left.portion), ...waiting];
    if (rest.length > 0 && workflowInfo().continueAsNewSuggested && charactersOf(rest) < CARRIED_CHARACTERS_MAX)
      return continueAsNew<typeof intake>({ cluster, waiting: rest });
  }
}

function added(sum: Sum, { joined, resolved, ignored }: Brought): Sum {
  const counts = { ...sum.ignored };
  for (const [why, count] of Object.entries(ignored)) counts[why] = (counts[why] ?? 0) + count;
  return { joined: sum.joined + joined, resolved: sum.resolved + resolved, ignored: counts };
}

function charactersOf(portions: readonly Portion[]): number {
  return portions.reduce((characters, { packed }) => characters + packed.length, 0);
}

function intakeText(cluster: string, waiting: readonly Portion[], aside: readonly LeftOver[], sum: Sum): string {
  const alertsOf = (portions: readonly Portion[]) => portions.reduce((count, { alerts }) => count + alerts, 0);
  const ignored = Object.entries(sum.ignored).map(([why, count]) => `${count} ${why}`);
  const left = alertsOf(aside.map(({ portion }) => portion));
  return [
    `### Alerts on their way to incidents of cluster ${escapeMarkdown(cluster)}`,
    `${alertsOf(waiting)} wait, in ${waiting.length} portions. ${sum.joined} joined their incidents, ${sum.resolved} ended there.`,
    ...(ignored.length > 0 ? [`Left alone: ${ignored.join(', ')}.`] : []),
    ...(left > 0 ? [`**${left} cannot be brought just now**: ${escapeMarkdown(aside[0]?.why ?? '')}`] : []),
  ].join('\n\n');
}
