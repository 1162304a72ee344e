import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { demotionName } from '../guards/ledger/demotions.ts';
import type { Freeze } from '../guards/ledger/ledger.ts';
import { freezeText } from '../guards/people/freeze.ts';
import type { CommandTrail } from './command-trail.ts';
import { byText, readDemotion, readFreeze, readReset, readScope, whoGave, whyGiven } from './freeze-call.ts';
import { type DemoteCall, demote, type FreezeCall, freeze, type ResetCall, reset, type ThawCall, thaw } from './messages.ts';
import type { OfficeRecord } from './office-record.ts';

/** What people decide, at a permit office. A call that cannot be understood is refused, and leaves no trace; every other one is written down. */
export function letPeopleDecide(cluster: string | null, record: OfficeRecord, trail: CommandTrail): void {
  function demotionOf(call: DemoteCall | undefined): ReturnType<typeof readDemotion> {
    if (cluster === null) throw new Error('Cannot demote in all clusters at once: say it to the permit office of each.');
    return readDemotion(call);
  }

  setHandler(
    freeze,
    (call) => {
      const called = readFreeze(call, Date.now());
      record.enter({ kind: 'freeze', freeze: called });
      trail.note({ command: 'freeze', text: freezeText({ ...called, sinceMs: Date.now() }), who: whoGave(call) });
      return record.ledger().freezes;
    },
    understood<FreezeCall | undefined>((call) => readFreeze(call, Date.now())),
  );
  setHandler(
    thaw,
    (call) => {
      const before = record.ledger().freezes;
      record.enter({ kind: 'thaw', of: readScope(call) });
      const { freezes: left } = record.ledger();
      trail.note({ command: 'thaw', text: thawedText(call, before, left), who: whoGave(call) });
      return left;
    },
    understood<ThawCall | undefined>((call) => [readScope(call), whoGave(call), whyGiven(call)]),
  );
  setHandler(
    demote,
    (call) => {
      const demoted = demotionOf(call);
      record.enter({ kind: 'demote', demoted });
      const name = demotionName(demoted);
      trail.note({ command: 'demote', text: `A person must allow each act of ${name}: ${demoted.why}`, who: whoGave(call) });
      return name;
    },
    understood<DemoteCall>(demotionOf),
  );
  setHandler(
    reset,
    (call) => {
      const { of, by } = readReset(call);
      record.enter({ kind: 'reset', of, by });
      const why = whyGiven(call);
      const because = why === '' ? '.' : `: ${why}`;
      trail.note({
        command: 'reset',
        text: `${by} vouched for ${of}, so that what was before no longer counts${because}`,
        who: whoGave(call),
      });
    },
    understood<ResetCall>((call) => [readReset(call), whyGiven(call)]),
  );
}

/** What a thaw came to: the freezes that it ended. */
function thawedText(call: ThawCall | undefined, before: readonly Freeze[], left: readonly Freeze[]): string {
  const ended = before.filter((one) => !left.includes(one));
  const which = ended.length === 0 ? 'and none was in force' : `and ended: ${ended.map(freezeText).join(' ')}`;
  const why = whyGiven(call);
  const because = why === '' ? '' : ` Why: ${why}`;
  return `${byText(whoGave(call))} thawed ${scopeText(readScope(call))}, ${which}${because}`;
}

function scopeText(scope: Pick<Freeze, 'namespace' | 'runbook'> | null): string {
  if (scope === null) return 'everything';
  const { namespace, runbook } = scope;
  return [...(namespace === null ? [] : [`namespace ${namespace}`]), ...(runbook === null ? [] : [`runbook ${runbook}`])].join(', ');
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
