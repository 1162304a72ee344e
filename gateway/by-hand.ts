import { createHash } from 'node:crypto';
import type { Alert } from '../incident/alert.ts';
import type { Person } from '../incident/person.ts';

/** What somebody raises by hand: the alert it stands for, and the labels that name its target as an alert's would. */
export interface RaisedByHand {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What they saw; empty where they say nothing. */
  readonly says: string;
  /** It is over, and not begun. */
  readonly isOver: boolean;
}

/** The alert that a person raises, as any source would tell it. The same labels are the same alert, so that it can be ended again. */
export function alertByHand({ alert, labels, says, isOver }: RaisedByHand, who: Person): Alert {
  const all = { ...labels, alertname: alert };
  const sorted = Object.entries(all).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    name: alert,
    status: isOver ? 'resolved' : 'firing',
    fingerprint: createHash('sha256')
      .update(JSON.stringify(['by hand', sorted]))
      .digest('hex')
      .slice(0, 16),
    labels: all,
    annotations: { summary: `Raised by ${who.name}${says === '' ? '' : `: ${says}`}` },
    startsAt: new Date().toISOString(),
    raisedBy: who,
  };
}
