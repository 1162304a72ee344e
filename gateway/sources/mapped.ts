import type { Alert } from '../../incident/alert.ts';
import { openJsonPath } from '../../runbooks/json-path.ts';
import type { SourceGiven } from '../../runbooks/sources.ts';
import { fingerprintOf } from './identity.ts';
import { instantIn } from './instant.ts';
import { joined, type Labels, labelsFrom, textFrom } from './labels.ts';
import type { Lock } from './locks/lock.ts';
import { readJsonBody } from './read-json-body.ts';
import { type AlertSource, alertsRead, type Reading } from './source.ts';

const BODY_BYTES_MAX = 2 ** 20;
const ALERTS_MAX = 1_000;

/** What a text of an alert is told by. */
type TextAt = SourceGiven['name'];
/** The text at a place of an alert; empty where there is none. */
type ReadText = (json: unknown) => string;
/** An alert, null where it says neither that it fires nor that it is over, or what it lacks. */
type OneRead = { readonly alert: Alert } | null | { readonly lacks: string };

/** A source that sends JSON of its own form, mapped as `sources.yaml` says. @param word its name there */
export function mapped(word: string, given: SourceGiven, lock: Lock): AlertSource {
  const alertsIn = openJsonPath(given.alerts);
  const once = given.once === undefined ? null : openText(given.once);
  const readOne = openOne(word, given);
  return {
    name: word,
    lock,
    bodyBytesMax: BODY_BYTES_MAX,
    read(body): Reading {
      const parsed = readJsonBody(body);
      if (parsed.kind === 'fault') return parsed;
      const found = alertsIn(parsed.json, ALERTS_MAX + 1);
      if (found.length > ALERTS_MAX)
        return { kind: 'fault', fault: `A body may have ${ALERTS_MAX} alerts at ${given.alerts}; it has more.` };
      if (found.length === 0) return { kind: 'nothing', reason: `There is no alert at ${given.alerts}.` };
      const alerts: Alert[] = [];
      for (const [index, json] of found.entries()) {
        const one = readOne(json);
        if (one !== null && 'lacks' in one) return { kind: 'fault', fault: `Alert ${index} of the body has ${one.lacks}.` };
        if (one !== null) alerts.push(one.alert);
      }
      const delivery = once?.(parsed.json) ?? '';
      return alertsRead(alerts, delivery === '' ? null : delivery);
    },
  };
}

function openOne(word: string, given: SourceGiven): (json: unknown) => OneRead {
  const { status, identity } = given;
  const [nameAt, statusAt] = [openText(given.name), openText(status.path)];
  const identityAt = identity.map((path) => ({ path, read: openText(path) }));
  const [labelsAt, annotationsAt] = [openTexts(given.labels), openTexts(given.annotations)];
  const startsAt = given.startsAt === undefined ? () => '' : openText(given.startsAt);
  return (json) => {
    const state = statusAt(json);
    if (state === '') return { lacks: `no status at ${status.path}` };
    const fires = status.firing.includes(state);
    if (!fires && !status.resolved.includes(state)) return null;
    const name = nameAt(json);
    if (name === '') return { lacks: `no name at ${JSON.stringify(given.name)}` };
    const parts = identityAt.map(({ read }) => read(json));
    const missing = identityAt.find((_, index) => parts[index] === '');
    if (missing) return { lacks: `no identity at ${missing.path}` };
    const alert: Alert = {
      name,
      status: fires ? 'firing' : 'resolved',
      fingerprint: fingerprintOf('mapped', word, ...parts),
      labels: joined({ alertname: name }, labelsAt(json)),
      annotations: annotationsAt(json),
      startsAt: instantIn(startsAt(json)),
    };
    return { alert };
  };
}

function openTexts(given: Readonly<Record<string, TextAt>>): (json: unknown) => Labels {
  const all = Object.entries(given).map(([name, at]) => [name, openText(at)] as const);
  return (json) => labelsFrom(Object.fromEntries(all.map(([name, read]) => [name, read(json)])));
}

function openText(at: TextAt): ReadText {
  if (typeof at !== 'string') return () => at.value;
  const path = openJsonPath(at);
  return (json) => textFrom(path(json, 1)[0]);
}
