import { setHandler } from '@temporalio/workflow';
import type { Alert } from '../incident/alert.ts';
import type { Person } from '../incident/person.ts';
import type { CarriedAlerts, FiringAlert } from './carried.ts';
import { alertResolved, alertsFired } from './messages.ts';

/** The alerts that joined an incident. */
export interface Alerts {
  /** Every alert that joined is over. False as long as none has joined. */
  areOver(): boolean;
  /** As each fired last. */
  firing(): readonly FiringAlert[];
  /** How many different ones have joined. */
  joined(): number;
  /** How often any began to fire anew after all were over. */
  relapses(): number;
  /** Who raised the incident by hand. */
  raisedBy(): readonly Person[];
  /** What another run of the incident goes on with. */
  carried(): CarriedAlerts;
}

const NONE: CarriedAlerts = { firing: [], joined: [], relapses: 0, raisedBy: [] };

/** Follows the alerts' signals; new fingerprints are told once, with all before them, and those that came later by their alerts. */
export function followAlerts(
  joinedBy: (fingerprints: readonly string[], later: readonly Alert[]) => void,
  carried: CarriedAlerts = NONE,
): Alerts {
  const firing = new Map(carried.firing.map((one) => [one.alert.fingerprint, one]));
  const joined = new Set<string>(carried.joined);
  const raisedBy: Person[] = [...carried.raisedBy];
  let relapses = carried.relapses;
  let over = false;
  setHandler(alertsFired, (alerts, policy) => {
    const isFirst = joined.size === 0;
    const unknown = alerts.filter(({ fingerprint }) => !joined.has(fingerprint));
    for (const alert of alerts) {
      firing.set(alert.fingerprint, { alert, policy: policy ?? null });
      joined.add(alert.fingerprint);
      if (alert.raisedBy) raisedBy.push(alert.raisedBy);
    }
    if (over) relapses++;
    over = false;
    if (unknown.length > 0) joinedBy([...joined], isFirst ? [] : unknown);
  });
  setHandler(alertResolved, ({ fingerprint }) => {
    firing.delete(fingerprint);
    over = firing.size === 0;
  });
  return {
    areOver: () => over,
    firing: () => [...firing.values()],
    joined: () => joined.size,
    relapses: () => relapses,
    raisedBy: () => raisedBy,
    carried: () => ({ firing: [...firing.values()], joined: [...joined], relapses, raisedBy }),
  };
}
