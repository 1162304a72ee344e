import { setHandler } from '@temporalio/workflow';
import type { Alert } from '../incident/alert.ts';
import type { Person } from '../incident/person.ts';
import { alertFired, alertResolved } from './messages.ts';

/** The alerts that joined an incident. */
export interface Alerts {
  /** Every alert that joined is over. False as long as none has joined. */
  areOver(): boolean;
  /** As each fired last. */
  firing(): readonly Alert[];
  /** How many different ones have joined. */
  joined(): number;
  /** Who raised the incident by hand. */
  raisedBy(): readonly Person[];
}

/** Follows the alerts' signals; each new fingerprint is told once, with all before it. */
export function followAlerts(joinedBy: (fingerprints: readonly string[]) => void): Alerts {
  const firing = new Map<string, Alert>();
  const joined = new Set<string>();
  const raisedBy: Person[] = [];
  let over = false;
  setHandler(alertFired, (alert) => {
    const { fingerprint } = alert;
    firing.set(fingerprint, alert);
    over = false;
    if (alert.raisedBy) raisedBy.push(alert.raisedBy);
    if (!joined.has(fingerprint)) joinedBy([...joined.add(fingerprint)]);
  });
  setHandler(alertResolved, ({ fingerprint }) => {
    firing.delete(fingerprint);
    over = firing.size === 0;
  });
  return { areOver: () => over, firing: () => [...firing.values()], joined: () => joined.size, raisedBy: () => raisedBy };
}
