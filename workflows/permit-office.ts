import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { boardOf } from '../guards/board.ts';
import { whyVoid } from '../guards/office.ts';
import type { AuditEntry } from '../incident/audit-entry.ts';
import { boardText } from './board-text.ts';
import { openCommandTrail } from './command-trail.ts';
import { letIncidentsSpeak } from './incidents-speak.ts';
import { keepLookout } from './lookout.ts';
import * as messages from './messages.ts';
import { openRecord } from './office-record.ts';
import { letPeopleDecide } from './people-decide.ts';
import { type Led, openStorms } from './storms.ts';

/** What one run of an office hands on to the next. */
interface OfficeInput {
  /** Null: the office of what all clusters share. */
  readonly cluster: string | null;
  /** Checked, since a record that is not whole must refuse. */
  readonly ledger: unknown;
  readonly led: readonly Led[];
  /** Commands of people that are still to be written down. */
  readonly unwritten?: readonly AuditEntry[] | undefined;
}

/** Grants permits, one after the other, and never ends: everything the guards know is here and nowhere else. */
export async function permitOffice({ cluster, ledger: carried, led, unwritten }: OfficeInput): Promise<never> {
  const record = openRecord(cluster === null ? 'allClusters' : 'cluster', carried);
  const storms = openStorms(cluster, record, led);
  const trail = openCommandTrail(unwritten);
  letIncidentsSpeak(record, trail);
  letPeopleDecide(cluster, record, trail);
  setHandler(messages.sourceAlive, (source) => {
    if (typeof source === 'string') record.enter({ kind: 'heartbeat', source });
  });
  setHandler(messages.guardBoard, () => boardOf(record.ledger(), Date.now()));
  setHandler(messages.officeLedger, () => record.ledger());
  setHandler(messages.whyPermitVoid, (id) => whyVoid(record.ledger(), id, Date.now()));

  for (const duty of [keepLookout(cluster, record), storms.lead()]) duty.catch(unlessCancelled);
  const isDone = () => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  // Nothing but the page may hang on what is heard between two looks: after a worker came anew the first thing may be heard before this begins.
  for (;;) {
    const shown = record.ledger();
    setCurrentDetails(boardText(cluster, boardOf(shown, Date.now())));
    await condition(() => isDone() || record.ledger() !== shown);
    if (isDone())
      return continueAsNew<typeof permitOffice>({ cluster, ledger: record.ledger(), led: storms.led(), unwritten: trail.unwritten() });
  }
}

/** An office that a person cancels ends, and the next who asks opens one that goes on with its record. */
function unlessCancelled(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
