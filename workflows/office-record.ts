import { log } from '@temporalio/workflow';
import type { OfficeScope } from '../guards/decide.ts';
import { withoutPastStorms } from '../guards/ledger/failures.ts';
import { broughtTo } from '../guards/ledger/forget.ts';
import type { Ledger } from '../guards/ledger/ledger.ts';
import { soundOrLost } from '../guards/ledger/soundness.ts';
import { ask, hear, type OfficeNews } from '../guards/office.ts';
import type { Permit } from '../guards/permit.ts';
import type { PermitRequest } from '../guards/request.ts';

/** Temporal hands on 2 MiB at most from one run to the next: this much of it for the record, the rest for what may be entered before it is handed on. */
const CHARACTERS_MAX = 1_200_000;
/** A failure on many nodes names some of them; so many tell what it shares with others. */
const SUSPECTS_MAX = 20;

/** An office's record, changed by one thing at a time. */
export interface OfficeRecord {
  ledger(): Ledger;
  enter(news: OfficeNews): void;
  answer(request: PermitRequest): Permit;
  /** Without news, too, time passes: what is past is forgotten, and storms end. */
  passTime(): void;
}

export function openRecord(scope: OfficeScope, carried: unknown): OfficeRecord {
  let ledger = soundOrLost(carried, Date.now());
  let measuredActs = -1;
  let isFull = false;

  /** Worked out when acts were added, since all of it is read for that. */
  function full(): boolean {
    if (measuredActs !== ledger.acts.length) {
      isFull = JSON.stringify(ledger).length > CHARACTERS_MAX;
      measuredActs = ledger.acts.length;
    }
    return isFull;
  }

  return {
    ledger: () => ledger,

    enter(news) {
      try {
        const heard = hear(ledger, news.kind === 'failure' ? { ...news, seen: fewSuspects(news.seen) } : news, Date.now());
        // What a machine may do alone is a matter of each cluster.
        ledger = scope === 'allClusters' ? { ...heard, demotions: [] } : heard;
      } catch (error) {
        // One message that makes no sense must not stop the office for a whole cluster.
        log.warn('A message to the permit office cannot be understood and is left out.', { kind: news.kind, error });
      }
    },

    answer(request) {
      if (full()) return refusedByRecord(`The record is as large as it may be; nothing is granted until some of it is forgotten.`);
      try {
        const answer = ask(ledger, scope, request, Date.now());
        ledger = answer.ledger;
        return answer.permit;
      } catch (error) {
        return refusedByRecord(`The question cannot be understood: ${(error as Error).message}`);
      }
    },

    passTime() {
      ledger = withoutPastStorms(broughtTo(ledger, Date.now()));
    },
  };
}

function fewSuspects<T extends { readonly suspects: readonly unknown[] }>(seen: T): T {
  return { ...seen, suspects: seen.suspects.slice(0, SUSPECTS_MAX) };
}

function refusedByRecord(reason: string): Permit {
  return { kind: 'refused', guard: 'record', reason, retryAtMs: null };
}
