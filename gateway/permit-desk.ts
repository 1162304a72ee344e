import type { Board } from '../guards/board.ts';
import type { Freeze } from '../guards/ledger/ledger.ts';
import type { FreezeCall, ThawCall } from '../workflows/messages.ts';

/** What the gateway needs of its cluster's permit office. Each throws `NoAnswer` when no worker takes it in time. */
export interface PermitDesk {
  /** @param callId calls of one id are one call. Returns the freezes in force. */
  freeze(call: FreezeCall, callId: string): Promise<readonly Freeze[]>;
  /** Returns the freezes that are left. */
  thaw(call: ThawCall | undefined, callId: string): Promise<readonly Freeze[]>;
  board(): Promise<Board>;
  /** Tells that a source of alerts is alive. */
  alive(source: string): Promise<void>;
}
