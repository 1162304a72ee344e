import { condition, sleep } from '@temporalio/workflow';
import { levelDue, mayTellFrom } from '../guards/people/quiet-hours.ts';
import type { Notice, NoticeBase } from '../incident/notice.ts';
import type { Escalation } from '../incident/report.ts';
import { SEVERITIES, type Severity } from '../incident/severity.ts';
import type { EscalationChain } from '../runbooks/escalation.ts';
import type { Chart, Phase } from './chart.ts';
import type { Page } from './page.ts';

/** What is shown of an incident while people are told. */
export type Shown = Pick<Chart, 'enter' | 'tell'>;

/** What is told, to whom by which page, and how the incident is shown meanwhile. */
export interface Alarm {
  readonly chain: EscalationChain;
  readonly about: Omit<NoticeBase, 'severity'>;
  readonly escalation: Escalation;
  readonly page: Page;
  readonly shown: Shown;
  /** The incident's phase once somebody is told. */
  readonly phase: Phase;
}

interface Level {
  readonly number: number;
  readonly afterSeconds: number;
  readonly channels: readonly string[];
  readonly severity: Severity;
}

/**
 * Tells one level after the other; may be cancelled.
 * @param firstTried called once somebody was told, or nobody can be before something has to be waited for
 */
export async function climb(alarm: Alarm, firstTried: () => void): Promise<void> {
  const { chain, page } = alarm;
  const beganMs = Date.now();
  const isInVain = () => page.isTried() && !page.isTold();
  // Where all that was tried was in vain, the next level is told as soon as it may be.
  const dueMs = (level: Level) =>
    isInVain() ? mayTellFrom(chain.quietHours, level.severity, Date.now()) : levelDue(chain.quietHours, level, beganMs);
  let rest = levelsOf(chain);
  let missed: readonly Missing[] = [];
  let isListed = false;
  while (rest.length > 0) {
    const next = rest.reduce((first, one) => (dueMs(one) < dueMs(first) ? one : first));
    const waitMs = dueMs(next) - Date.now();
    if (waitMs > 0) {
      settle();
      await sleep(waitMs, { summary: `Level ${next.number} is told then, unless somebody acknowledges it before` });
      continue;
    }
    rest = rest.filter((one) => one !== next);
    missed = [...missed, ...(await tellLevel(alarm, next))];
    if (page.isTold()) settle();
  }
  settle();

  /** What can be told at once is told; what was not taken goes on being told beside whatever comes next, until somebody acknowledges. */
  function settle(): void {
    for (const { channels, notice } of missed) page.keepTelling(channels, notice).catch(() => undefined);
    missed = [];
    if (isInVain() && !isListed) listAsUntold(alarm);
    isListed ||= isInVain();
    firstTried();
  }
}

/** What channels did not take. */
interface Missing {
  readonly channels: readonly string[];
  readonly notice: Notice;
}

/** Reminds whoever was told; may be cancelled. */
export async function remind({ chain, about, page, shown }: Alarm): Promise<void> {
  const { quietHours, remindEverySeconds, remindersMax } = chain;
  const mayTell = ({ severity }: Pick<Level, 'severity'>) => mayTellFrom(quietHours, severity, Date.now());
  await condition(page.isTold);
  for (let number = 1; number <= remindersMax; number++) {
    await sleep(remindEverySeconds * 1000, { summary: `Remind whoever was told, ${number} of ${remindersMax}` });
    const waitMs = Math.min(...told().map(mayTell)) - Date.now();
    if (waitMs > 0) await sleep(waitMs, { summary: 'The quiet hours end' });
    const text = `Nobody has acknowledged it yet; this is reminder ${number} of ${remindersMax}.`;
    for (const { severity, channels } of told().filter((one) => mayTell(one) <= Date.now()))
      await page.tell(channels, { ...about, severity, kind: 'reminder', number, text });
  }
  if (remindersMax > 0) shown.tell(`Nobody has acknowledged it after ${remindersMax} reminders; nobody is reminded any more.`);

  /** Channels that were told, by the worst that they were told it is. */
  function told() {
    const worst = (channel: string) =>
      SEVERITIES.find((one) => levelsOf(chain).some(({ severity, channels }) => severity === one && channels.includes(channel)));
    return SEVERITIES.map((severity) => ({ severity, channels: page.told().filter((one) => worst(one) === severity) })).filter(
      ({ channels }) => channels.length > 0,
    );
  }
}

function levelsOf({ levels, severity }: EscalationChain): readonly Level[] {
  return levels.map((level, index) => ({ ...level, number: index + 1, severity: level.severity ?? severity }));
}

async function tellLevel({ about, escalation, page, shown }: Alarm, { number, channels, severity }: Level): Promise<readonly Missing[]> {
  const notice = { ...about, severity, kind: 'page' as const, escalation };
  const { took, missed } = await page.tell(channels, notice);
  if (took.length > 0) shown.tell(`Level ${number} is told, by ${took.map(({ channel }) => channel).join(' and ')}.`);
  if (missed.length === 0) return [];
  shown.tell(`Level ${number} is not told by ${missed.map(({ why }) => why).join(' ')}`);
  return [{ channels: missed.map(({ place }) => place.channel), notice }];
}

/** Nobody knows: the list of incidents says so, until somebody does. */
export function listAsUntold({ page, shown, phase }: Pick<Alarm, 'page' | 'shown' | 'phase'>): void {
  shown.enter('untold');
  shown.tell('Nobody could be told yet; it is tried again and again.');
  const told = () => {
    shown.enter(phase);
    shown.tell(`A person was told after all, by ${page.told().join(' and ')}.`);
  };
  condition(page.isTold).then(told, () => undefined);
}
