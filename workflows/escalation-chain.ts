import { ApplicationFailure, CancellationScope, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import { mayTellFrom } from '../guards/people/quiet-hours.ts';
import type { ApprovalRequest } from '../incident/approval.ts';
import { type NoticeBase, subjectOf } from '../incident/notice.ts';
import { personText } from '../incident/person.ts';
import type { Escalation } from '../incident/report.ts';
import type { EscalationChain } from '../runbooks/escalation.ts';
import { readAcknowledgement } from './acknowledge-call.ts';
import { askApproval } from './calls.ts';
import type { Chart, Phase } from './chart.ts';
import { escalateWithin } from './escalating.ts';
import { climb, listAsUntold, remind, type Shown } from './levels.ts';
import { acknowledge } from './messages.ts';
import { openPage, type Page } from './page.ts';
import { tellUntilTaken } from './telling.ts';

/** Something that people are being told. */
export interface Telling {
  /** Nobody more need be told; whoever was keeps it. */
  stop(): void;
  /** It is over, and how, as a sentence: whoever was told hears so. */
  over(how: string): void;
}

/** How an incident tells people, by the chain of its runbook or, without one, by the webhooks. */
export interface Chain {
  /**
   * Tells people that one is needed, until somebody acknowledges it. Returns after the first try, whatever that gave.
   * @param phase of the incident once somebody is told
   */
  tell(escalation: Escalation, phase: Phase): Promise<Telling>;
  /** Asks people by the first level, once. */
  ask(request: ApprovalRequest, shown: Shown): Telling;
  /** Waits until whoever was told has heard how it went on, or does not take it in time. */
  settled(): Promise<void>;
}

/** @param chain null: the webhooks are told */
export function openChain(chain: EscalationChain | null, chart: Pick<Chart, 'enter' | 'tell' | 'record'>): Chain {
  /** What people were told last, and may acknowledge. */
  let told: { readonly acknowledge: (text: string) => void; by: string | null } | null = null;
  let following: Promise<unknown> = Promise.resolve();

  setHandler(
    acknowledge,
    async (call) => {
      const { who, reason } = understood(call);
      if (told === null) throw refused('Nobody was told of anything that is still open.');
      if (told.by !== null) throw refused(`${told.by} has acknowledged it already.`);
      told.by = who.name;
      const because = reason === '' ? '.' : `: ${reason.replace(/\.$/, '')}.`;
      chart.tell(`${who.name} has acknowledged it${because} Nobody else is told or reminded.`);
      told.acknowledge(`${who.name} has it${because}`);
      await chart.record('Commanded', `${personText(who)} acknowledged it${because}`, { who, command: 'acknowledge' });
    },
    { validator: understood },
  );

  /** Says how it goes on once all that was said before has been, also of an incident that is being cancelled. */
  function follow(page: Page, running: Promise<unknown>, notice: NoticeBase & { kind: 'acknowledged' | 'resolved'; text: string }): void {
    following = CancellationScope.nonCancellable(async () => {
      await Promise.all([following, running]);
      if (!page.isTried()) return;
      const missed = await page.follow(notice);
      if (missed.length > 0) chart.tell(`${missed.join(' and ')} could not be told that it is ${notice.kind}.`);
    });
  }

  async function byWebhooks(escalation: Escalation, phase: Phase): Promise<Telling> {
    const scope = new CancellationScope();
    const stop = () => {
      scope.cancel();
      told = null;
    };
    told = {
      by: null,
      acknowledge() {
        scope.cancel();
        chart.enter(phase);
      },
    };
    await escalateWithin(scope, escalation, chart, phase);
    return { stop, over: stop };
  }

  async function byChain(given: EscalationChain, escalation: Escalation, phase: Phase): Promise<Telling> {
    const scope = new CancellationScope();
    const page = openPage();
    const { incident, run } = escalation;
    const about = { key: `${incident}/${run}`, incident, subject: subjectOf(escalation) };
    const ends = { ...about, severity: given.severity };
    const alarm = { chain: given, about, escalation, page, shown: chart, phase };
    let running: Promise<unknown> = Promise.resolve();
    told = {
      by: null,
      acknowledge(text) {
        scope.cancel();
        chart.enter(phase);
        follow(page, running, { ...ends, kind: 'acknowledged', text });
      },
    };
    await new Promise<void>((tried, failed) => {
      // What is being said when it is stopped is waited for, so that nobody hears the end before the beginning.
      running = scope.run(async () => {
        for (const one of await Promise.allSettled([climb(alarm, tried), remind(alarm)]))
          if (one.status === 'rejected' && !isCancellation(one.reason)) failed(one.reason);
        tried();
      });
    });
    return {
      stop() {
        scope.cancel();
        told = null;
      },
      over(how) {
        scope.cancel();
        told = null;
        follow(page, running, { ...ends, kind: 'resolved', text: how });
      },
    };
  }

  return {
    tell: (escalation, phase) => (chain === null ? byWebhooks(escalation, phase) : byChain(chain, escalation, phase)),

    ask(request, shown) {
      const scope = new CancellationScope();
      // A decision may come before a channel has taken the question.
      const run = (tell: () => Promise<unknown>) => scope.run(tell).catch(() => undefined);
      if (chain === null) {
        run(() => tellUntilTaken((patience) => askApproval(patience, request), shown, 'asking'));
        return { stop: () => scope.cancel(), over: () => scope.cancel() };
      }
      const page = openPage();
      const { incident, run: ofRun, proposal } = request;
      const about = { key: `${incident}/${ofRun}/${proposal.id}`, incident, subject: subjectOf(request), severity: chain.severity };
      const running = run(() => askFirstLevel(chain, page, { ...about, kind: 'question', request }, shown));
      return {
        stop: () => scope.cancel(),
        over(how) {
          scope.cancel();
          follow(page, running, { ...about, kind: 'resolved', text: how });
        },
      };
    },

    async settled() {
      await following;
    },
  };
}

/** What waits, waits here too; an answer is possible all the same, where the question is seen. */
async function askFirstLevel(
  { quietHours, levels: [first] }: EscalationChain,
  page: Page,
  notice: NoticeBase & { kind: 'question'; request: ApprovalRequest },
  shown: Shown,
): Promise<void> {
  if (first === undefined) return;
  const asked = { ...notice, severity: first.severity ?? notice.severity };
  const waitMs = mayTellFrom(quietHours, asked.severity, Date.now()) - Date.now();
  if (waitMs > 0) await sleep(waitMs, { summary: 'The quiet hours end' });
  const { missed } = await page.tell(first.channels, asked);
  if (missed.length === 0) return;
  shown.tell(`The question is not taken by ${missed.map(({ why }) => why).join(' ')}`);
  if (!page.isTold()) listAsUntold({ page, shown, phase: 'asking' });
  await page.keepTelling(
    missed.map(({ place }) => place.channel),
    asked,
  );
}

function understood(call: unknown): ReturnType<typeof readAcknowledgement> {
  try {
    return readAcknowledgement(call);
  } catch (error) {
    throw ApplicationFailure.nonRetryable((error as Error).message, 'CallNotUnderstood');
  }
}

function refused(why: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(why, 'AcknowledgeRefused');
}
