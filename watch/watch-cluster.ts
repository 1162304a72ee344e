import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from '../clients/in-parallel.ts';
import type { RawReader } from '../clients/kubernetes/watching/raw-reader.ts';
import type { Taken } from '../gateway/intake.ts';
import type { Alert } from '../incident/alert.ts';
import { redact } from '../incident/redact.ts';
import { alertOf, alertOver } from './alert.ts';
import { metadataOf } from './conditions/object.ts';
import type { WatchFigures } from './figures.ts';
import { follow, type Sink } from './follow.ts';
import { openHints } from './hints.ts';
import { type AskBeside, WATCHED_KINDS, type WatchedKind } from './kinds.ts';
import { type LedgerTimes, type Moment, openLedger, type Place, type ToSay } from './ledger.ts';
import type { ServerClock } from './server-clock.ts';
import { openSights } from './sights.ts';

const EVENTS = { type: { group: '', version: 'v1', plural: 'events' }, pageSize: 1 };
const LOOKS_AT_ONCE = 4;
const HINTS_A_ROUND = 5;
const BESIDE_MAX = 500;
const REASON_CHARACTERS_MAX = 300;
/** Past this Temporal is taken to be away. */
const TAKEN_WITHIN_MS = 15_000;

/** What a watch needs. */
export interface WatchOptions {
  readonly cluster: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly reader: RawReader;
  readonly clock: ServerClock;
  /** A clock that only counts, in milliseconds. */
  readonly elapsedMs: () => number;
  /** Brings an alert to its incident. @throws when it could not be stored */
  readonly take: (alert: Alert) => Promise<Taken>;
  /** Fingerprints of alerts of ours that open incidents were told of. */
  readonly openAlerts: () => Promise<readonly string[]>;
  /** Whether this process is the one that may raise alerts, at this moment. */
  readonly mayRaise: () => boolean;
  readonly times: LedgerTimes;
  readonly relistMs: number;
  readonly lookEveryMs: number;
  readonly figures: WatchFigures;
  readonly log: Readonly<Record<'info' | 'warn' | 'debug', (fields: object, message: string) => void>>;
}

/** A watch at work. */
export interface RunningWatch {
  /** Why it does not see all, in words; null when it does. */
  readonly whyBlind: () => string | null;
  /** Settles once it has stopped. It never rejects. */
  readonly ended: Promise<void>;
}

/** Watches a cluster until told to stop: what holds for long enough, and is so when it is read once more, becomes an alert. */
export function watchCluster(options: WatchOptions, signal: AbortSignal): RunningWatch {
  const { reader, clock, elapsedMs, figures, log } = options;
  const kinds = new Map(WATCHED_KINDS.map((one) => [one.kind, one]));
  const ledger = openLedger(options.cluster, options.times);
  const sights = openSights(log, figures.seen);
  const hints = openHints((kind) => kinds.has(kind), ledger.has);
  const namespaces = options.namespaces.length === 0 ? [''] : options.namespaces;
  const unreadable = new Set<string>();
  let lookedAtMs = elapsedMs();
  let isInherited = false;
  figures.measureLag(() => (signal.aborted ? 0 : (elapsedMs() - lookedAtMs) / 1000));

  const followOptions = { relistMs: options.relistMs, elapsedMs };
  const following = WATCHED_KINDS.flatMap((kind) =>
    (kind.isNamespaced ? namespaces : ['']).map((namespace) => {
      sights.set(nameOf(kind.kind, namespace), kind.kind, { kind: 'listing' });
      return follow(kind, namespace, reader, sinkOf(kind, namespace), followOptions, signal);
    }),
  );
  const warned = namespaces.map((namespace) =>
    follow(
      EVENTS,
      namespace,
      reader,
      warningSink(namespace),
      { ...followOptions, onlyNew: true, query: { fieldSelector: 'type=Warning' } },
      signal,
    ),
  );
  return { whyBlind: sights.whyBlind, ended: Promise.all([...following, ...warned, lookAgainAndAgain()]).then(() => undefined) };

  /** Null before the API server has told the time. */
  function moment(): Moment | null {
    const serverMs = clock.nowMs();
    return serverMs === null ? null : { serverMs, elapsedMs: elapsedMs() };
  }

  function sinkOf(kind: WatchedKind, namespace: string): Sink {
    const see = (object: unknown, isThere: boolean) => {
      figures.object(kind.kind);
      const now = moment();
      if (now === null) return;
      try {
        const place = placeOf(kind.kind, object);
        ledger.see(place, isThere ? kind.symptoms(object, now.serverMs) : [], now);
      } catch (error) {
        cannotUnderstand(kind.kind, error);
      }
    };
    return {
      beginList: () => ledger.beginList(kind.kind, namespace),
      item: (object) => see(object, true),
      endList() {
        const now = moment();
        if (now) ledger.endList(kind.kind, namespace, now);
      },
      changed: (object) => see(object, true),
      deleted: (object) => see(object, false),
      sight: (sight) => sights.set(nameOf(kind.kind, namespace), kind.kind, sight),
      reconnected: (why) => figures.reconnected(kind.kind, why),
    };
  }

  function warningSink(namespace: string): Sink {
    const nothing = () => undefined;
    return {
      ...{ beginList: nothing, item: nothing, endList: nothing, deleted: nothing },
      changed: hints.take,
      sight: (sight) => sights.set(nameOf('Event', namespace), 'Event', sight),
      reconnected: (why) => figures.reconnected('Event', why),
    };
  }

  /** What cannot be understood is neither well nor ill. */
  function cannotUnderstand(kind: string, error: unknown): void {
    figures.failure();
    if (unreadable.has(kind)) return;
    unreadable.add(kind);
    log.warn(
      { kind, reason: reasonOf(error) },
      'An object of this kind cannot be understood and is left alone; further ones are not told.',
    );
  }

  async function lookAgainAndAgain(): Promise<void> {
    while (!signal.aborted) {
      await lookRound();
      lookedAtMs = elapsedMs();
      await pause(options.lookEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async function lookRound(): Promise<void> {
    const now = moment();
    // Who does not know what was open before could say it twice, or never say that it is over.
    if (now === null || !sights.areListed() || !(await hasInherited())) return;
    await inParallel([...ledger.due(now), ...hints.next(HINTS_A_ROUND)], LOOKS_AT_ONCE, look);
    if (sights.areWhole()) await inParallel(ledger.orphaned(now), LOOKS_AT_ONCE, sayOver);
    figures.remembered(ledger.counts());
  }

  async function hasInherited(): Promise<boolean> {
    if (isInherited) return true;
    try {
      const open = await inTime(options.openAlerts());
      const now = moment();
      if (now) ledger.inherit(open, now);
      isInherited = now !== null;
    } catch (error) {
      figures.failure();
      log.warn({ reason: reasonOf(error) }, 'What is open in Temporal cannot be read; trying again.');
    }
    return isInherited;
  }

  /** Reads the object anew, and says what has held, or has been over, for long enough. */
  async function look(place: Place): Promise<void> {
    if (signal.aborted) return;
    try {
      const symptoms = await readSymptoms(place);
      const now = moment();
      if (now === null) return;
      for (const toSay of ledger.judge(place, symptoms, now)) await say(place, toSay);
    } catch (error) {
      if (signal.aborted) return;
      figures.failure();
      const now = moment();
      if (now) ledger.failed(place, now);
      log.debug({ ...place, reason: reasonOf(error) }, 'It could not be looked at, or said; trying again.');
    }
  }

  async function readSymptoms({ kind: name, namespace, name: of }: Place) {
    const kind = kinds.get(name)!;
    const object = await reader.get(kind.type, namespace, of, signal);
    const serverMs = clock.nowMs();
    if (object === null || serverMs === null) return [];
    const symptoms = kind.symptoms(object, serverMs);
    return symptoms.length > 0 && kind.confirmed ? kind.confirmed(object, symptoms, ask) : symptoms;
  }

  async function ask(...[type, namespace, selector]: Parameters<AskBeside>): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    let continueAt = '';
    do {
      const page = await reader.list(type, namespace, { ...selector, limit: BESIDE_MAX, continue: continueAt || undefined }, signal);
      found.push(...page.items);
      continueAt = page.continueAt;
    } while (continueAt !== '');
    return found;
  }

  async function say(place: Place, toSay: ToSay): Promise<void> {
    if (signal.aborted || !options.mayRaise()) return;
    const alert = alertOf(toSay);
    const taken = await inTime(options.take(alert));
    const now = moment();
    if (now) ledger.said(place, toSay, now);
    figures.alert(toSay.status, taken.kind);
    const named = { alert: alert.name, fingerprint: alert.fingerprint, ...place };
    if (taken.kind === 'joined') log.info({ ...named, incident: taken.incident }, 'An alert was raised and joined its incident.');
    else if (taken.kind === 'resolved') log.info({ ...named, incident: taken.incident }, 'An alert is over.');
    else if (taken.kind === 'ignored') log.debug({ ...named, why: taken.why }, 'An alert of the watch was left alone.');
  }

  async function sayOver(fingerprint: string): Promise<void> {
    if (signal.aborted || !options.mayRaise()) return;
    try {
      const taken = await inTime(options.take(alertOver(fingerprint)));
      ledger.forgetOrphan(fingerprint);
      figures.alert('resolved', taken.kind);
      log.info({ fingerprint }, 'An alert from before this process began is over.');
    } catch (error) {
      figures.failure();
      log.debug({ fingerprint, reason: reasonOf(error) }, 'That it is over could not be said; trying again.');
    }
  }
}

function placeOf(kind: string, object: unknown): Place {
  const { namespace, name } = metadataOf(object);
  return { kind, namespace, name };
}

function nameOf(kind: string, namespace: string): string {
  return namespace === '' ? kind : `${kind} in ${namespace}`;
}

function reasonOf(error: unknown): string {
  return redact(error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error), REASON_CHARACTERS_MAX);
}

async function inTime<T>(call: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(TAKEN_WITHIN_MS);
  return Promise.race([
    call,
    new Promise<never>((_, reject) => {
      late.addEventListener('abort', () => reject(new Error(`No answer within ${TAKEN_WITHIN_MS / 1000} s.`)), { once: true });
    }),
  ]);
}
