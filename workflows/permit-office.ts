import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { boardOf } from '../guards/board.ts';
import type { OfficeScope } from '../guards/decide.ts';
import type { Ledger } from '../guards/ledger/ledger.ts';
import { soundOrLost } from '../guards/ledger/soundness.ts';
import { ask, hear, type OfficeNews, whyVoid } from '../guards/office.ts';
import type { IncidentRun } from '../incident/incident.ts';
import { boardText } from './board-text.ts';
import { closedIncidents } from './calls.ts';
import { readFreeze, readScope } from './freeze-call.ts';
import * as messages from './messages.ts';
import { settled } from './settled.ts';
import { type Led, leadStorms } from './storms.ts';
import { recordUnreported } from './unreported.ts';

/** Temporal lets a workflow have so many signals on their way at most, and some to spare. */
const SENDING_MAX = 500;
const WATCH_EVERY = '30s';
/** Incidents looked after at one time; those that hold something come first. */
const WATCHED_MAX = 500;

/** An answer that is still to be sent. */
interface Unanswered {
  readonly to: IncidentRun;
  readonly answer: messages.PermitAnswer;
}

/** What one run of an office hands on to the next. */
interface OfficeInput {
  /** Null: the office of what all clusters share. */
  readonly cluster: string | null;
  /** Checked, since a record that is not whole must refuse. */
  readonly ledger: unknown;
  readonly unanswered: readonly Unanswered[];
  readonly led: readonly Led[];
}

/** Grants permits, one after the other, and never ends: everything the guards know is here and nowhere else. */
export async function permitOffice({ cluster, ledger: carried, unanswered, led: ledBefore }: OfficeInput): Promise<never> {
  const scope: OfficeScope = cluster === null ? 'allClusters' : 'cluster';
  const outbox = [...unanswered];
  let ledger = soundOrLost(carried, Date.now());
  let led = ledBefore;
  let sending = 0;
  let shown: Ledger | null = null;

  const enter = (news: OfficeNews) => {
    ledger = hear(ledger, news, Date.now());
  };
  setHandler(messages.permitAsked, ({ request, number }) => {
    const answer = ask(ledger, scope, request, Date.now());
    ledger = answer.ledger;
    outbox.push({ to: { incident: request.incident, run: request.run }, answer: { number, permit: answer.permit } });
  });
  setHandler(messages.permitReported, (report) => enter({ kind: 'report', report }));
  setHandler(messages.failureSeen, (seen) => enter({ kind: 'failure', seen }));
  setHandler(messages.incidentLeft, ({ isOver, ...incident }) => enter({ kind: 'left', incident, isOver }));
  setHandler(messages.sourceAlive, (source) => enter({ kind: 'heartbeat', source }));
  handlePeople();
  setHandler(messages.guardBoard, () => boardOf(ledger, Date.now()));
  setHandler(messages.officeLedger, () => ledger);
  setHandler(messages.whyPermitVoid, (id) => whyVoid(ledger, id, Date.now()));

  void watch();
  for (;;) {
    if (isNews()) {
      shown = ledger;
      setCurrentDetails(boardText(cluster, boardOf(ledger, Date.now())));
    }
    await condition(() => canSend() || isDone() || isNews());
    if (isDone()) return continueAsNew<typeof permitOffice>({ cluster, ledger, unanswered: outbox, led });
    // Nothing new is sent once this run is to end, so that it does.
    if (canSend()) for (const one of outbox.splice(0, SENDING_MAX - sending)) void send(one);
  }

  /** The page is written once a burst is over. */
  function isNews(): boolean {
    return shown !== ledger && outbox.length === 0 && sending === 0;
  }

  function canSend(): boolean {
    return outbox.length > 0 && sending < SENDING_MAX && !workflowInfo().continueAsNewSuggested;
  }

  function isDone(): boolean {
    return workflowInfo().continueAsNewSuggested && sending === 0 && allHandlersFinished();
  }

  async function send({ to, answer }: Unanswered): Promise<void> {
    sending++;
    try {
      await getExternalWorkflowHandle(to.incident, to.run).signal(messages.permitAnswered, answer);
    } catch {
      // It has ended meanwhile, and holds nothing any more.
      enter({ kind: 'left', incident: to, isOver: true });
    } finally {
      sending--;
    }
  }

  /** Looks after incidents whose workflows are gone without a word, and after storms. */
  async function watch(): Promise<void> {
    for (;;) {
      await condition(() => ledger.holds.length + ledger.failures.length + ledger.storms.length + led.length > 0);
      await sleep(WATCH_EVERY, { summary: 'Look whether incidents that hold something are still open' });
      const closed = await settled(() => closedIncidents(watched()));
      for (const incident of closed.kind === 'done' ? closed.value : []) {
        // The office of all clusters has the same permits, and no cluster to write to.
        if (cluster !== null) await recordUnreported(cluster, ledger.acts, incident);
        enter({ kind: 'left', incident, isOver: true });
      }
      if (cluster !== null) led = await leadStorms(cluster, ledger.storms, led);
    }
  }

  function watched(): readonly IncidentRun[] {
    const all = [
      ...ledger.holds,
      ...ledger.acts.filter(({ outcome }) => outcome === null),
      ...ledger.failures.filter(({ isOpen }) => isOpen),
    ];
    const runs = new Map(all.map(({ incident, run }) => [`${incident}/${run}`, { incident, run }]));
    return [...runs.values()].slice(0, WATCHED_MAX);
  }

  /** What people decide. A call that cannot be understood is refused, and leaves no trace. */
  function handlePeople(): void {
    const understood = (read: (call: messages.FreezeCall | undefined) => unknown) => ({
      validator(call: messages.FreezeCall | undefined) {
        try {
          read(call);
        } catch (error) {
          throw ApplicationFailure.nonRetryable((error as Error).message, 'CallNotUnderstood');
        }
      },
    });
    setHandler(
      messages.freeze,
      (call) => {
        enter({ kind: 'freeze', freeze: readFreeze(call, Date.now()) });
        return ledger.freezes;
      },
      understood((call) => readFreeze(call, Date.now())),
    );
    setHandler(
      messages.thaw,
      (call) => {
        enter({ kind: 'thaw', of: readScope(call) });
        return ledger.freezes;
      },
      understood((call) => readScope(call)),
    );
    setHandler(messages.reset, ({ of, by }) => enter({ kind: 'reset', of, by: by ?? 'a person' }));
  }
}
