import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { readFreeze, readReset, readScope } from './freeze-call.ts';
import { type FreezeCall, freeze, type ResetCall, reset, thaw } from './messages.ts';
import type { OfficeRecord } from './office-record.ts';

/** What people decide, at a permit office. A call that cannot be understood is refused, and leaves no trace. */
export function letPeopleDecide(record: OfficeRecord): void {
  setHandler(
    freeze,
    (call) => {
      record.enter({ kind: 'freeze', freeze: readFreeze(call, Date.now()) });
      return record.ledger().freezes;
    },
    understood<FreezeCall | undefined>((call) => readFreeze(call, Date.now())),
  );
  setHandler(
    thaw,
    (call) => {
      record.enter({ kind: 'thaw', of: readScope(call) });
      return record.ledger().freezes;
    },
    understood<FreezeCall | undefined>(readScope),
  );
  setHandler(
    reset,
    (call) => {
      record.enter({ kind: 'reset', ...readReset(call) });
    },
    understood<ResetCall>(readReset),
  );
}

function understood<T>(read: (call: T | undefined) => unknown) {
  return {
    validator(call: T) {
      try {
        read(call);
      } catch (error) {
        throw ApplicationFailure.nonRetryable((error as Error).message, 'CallNotUnderstood');
      }
    },
  };
}
