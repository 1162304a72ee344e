import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { OfficeNews } from '../guards/office.ts';
import type { CommandTrail } from './command-trail.ts';
import { type Saying, said } from './messages.ts';
import type { OfficeRecord } from './office-record.ts';

const KINDS: readonly (Saying['kind'] | undefined)[] = ['ask', 'report', 'failure', 'left', 'demote'];

/**
 * What incidents say to a permit office. A worker says many things at once and waits until they are heard, so that however many ask,
 * little is on its way: signals of thousands would pile up faster than a run can end between them, until no workflow task can take them.
 */
export function letIncidentsSpeak(record: OfficeRecord, trail: CommandTrail): void {
  function enter(news: OfficeNews): void {
    const { demotions: before } = record.ledger();
    record.enter(news);
    for (const one of record.ledger().demotions) if (!before.includes(one)) trail.demoted(one);
  }

  setHandler(
    said,
    (things) =>
      things.map((one) => {
        if (one.kind === 'ask') return record.answer(one.request);
        enter(one);
        return null;
      }),
    {
      validator(things) {
        if (!Array.isArray(things) || !things.every((one) => KINDS.includes(one?.kind)))
          throw ApplicationFailure.nonRetryable('Only incidents say this, in a list.', 'CallNotUnderstood');
      },
    },
  );
}
