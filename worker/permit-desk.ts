import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { NoAnswer, type PermitOffices } from '../clients/permit-offices.ts';
import type { Board } from '../guards/board.ts';
import type { Freeze, Ledger } from '../guards/ledger/ledger.ts';
import { permitOfficeWorkflowId } from '../incident/incident.ts';
import {
  type DemoteCall,
  demote,
  type FreezeCall,
  freeze,
  guardBoard,
  officeLedger,
  type ResetCall,
  reset,
  sourceAlive,
  type ThawCall,
  thaw,
} from '../workflows/messages.ts';
import { isUnanswered } from './permit-offices.ts';
import { untilHeard } from './until-heard.ts';

/**
 * A permit office as people and sources of alerts reach it. It is opened where none is open.
 * Every call throws `NoAnswer` when no worker takes it in time, and a sentence when it cannot be understood.
 */
export interface PermitDesk {
  /** @param callId calls of one id are one call. Returns the freezes in force. */
  freeze(call: FreezeCall, callId?: string): Promise<readonly Freeze[]>;
  /** Returns the freezes that are left. */
  thaw(call: ThawCall | undefined, callId?: string): Promise<readonly Freeze[]>;
  /** Returns the name of the demotion. */
  demote(call: DemoteCall, callId?: string): Promise<string>;
  reset(call: ResetCall): Promise<void>;
  board(): Promise<Board>;
  /** The whole record. */
  ledger(): Promise<Ledger>;
  /** Tells that a source of alerts is alive. It is kept until a worker is there. */
  alive(source: string): Promise<void>;
}

/** @param cluster null: the office of what all clusters share. @param answerWithinMs of one call, with the opening */
export function permitDesk(
  client: Pick<Client, 'workflow' | 'withDeadline'>,
  offices: Pick<PermitOffices, 'open'>,
  cluster: string | null,
  answerWithinMs: number,
): PermitDesk {
  const office = client.workflow.getHandle(permitOfficeWorkflowId(cluster));

  async function reached<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await client.withDeadline(Date.now() + answerWithinMs, async () => {
        await offices.open(cluster);
        return untilHeard(call);
      });
    } catch (error) {
      if (isUnanswered(error)) throw new NoAnswer(`The permit office did not answer within ${answerWithinMs / 1000} s.`, { cause: error });
      if (error instanceof WorkflowUpdateFailedError && error.cause) throw new Error(error.cause.message, { cause: error });
      throw error;
    }
  }

  const named = (updateId: string | undefined) => (updateId === undefined ? {} : { updateId });
  return {
    freeze: (call, callId) => reached(() => office.executeUpdate(freeze, { args: [call], ...named(callId) })),
    thaw: (call, callId) => reached(() => office.executeUpdate(thaw, { args: [call], ...named(callId) })),
    demote: (call, callId) => reached(() => office.executeUpdate(demote, { args: [call], ...named(callId) })),
    reset: (call) => reached(() => office.executeUpdate(reset, { args: [call] })),
    board: () => reached(() => office.query(guardBoard)),
    ledger: () => reached(() => office.query(officeLedger)),
    alive: (source) => reached(() => office.signal(sourceAlive, source)),
  };
}
