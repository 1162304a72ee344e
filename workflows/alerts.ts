import { setHandler } from '@temporalio/workflow';
import { alertFired, alertResolved } from './messages.ts';

/** The alerts that joined an incident. */
export interface Alerts {
  /** Every alert that joined is over. False as long as none has joined. */
  areOver(): boolean;
}

/** Follows the alerts' signals; each new fingerprint is told once, with all before it. */
export function followAlerts(joinedBy: (fingerprints: readonly string[]) => void): Alerts {
  const firing = new Set<string>();
  const joined = new Set<string>();
  let over = false;
  setHandler(alertFired, ({ fingerprint }) => {
    firing.add(fingerprint);
    over = false;
    if (!joined.has(fingerprint)) joinedBy([...joined.add(fingerprint)]);
  });
  setHandler(alertResolved, ({ fingerprint }) => {
    firing.delete(fingerprint);
    over = firing.size === 0;
  });
  return { areOver: () => over };
}
