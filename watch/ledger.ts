import { fingerprintOf } from './fingerprint.ts';
import { CONDITIONS, type HoldSeconds, type Symptom } from './symptom.ts';

/** How long after it began anew to look it takes everything that was open before and is not found ill to be over. */
const ORPHANED_MS = 300_000;
/** Between two tries of what could not be read or said. */
const TRY_AGAIN_FIRST_MS = 2_000;
const TRY_AGAIN_MAX_MS = 60_000;

/** Two clocks at one moment, both in milliseconds: the API server's, and one that is never set and only counts. */
export interface Moment {
  readonly serverMs: number;
  readonly elapsedMs: number;
}

/** Where an object is: kind, namespace (empty where it has none) and name. */
export interface Place {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What is to be said: that a condition holds, or that one that was said is over. */
export interface ToSay {
  readonly status: 'firing' | 'resolved';
  readonly fingerprint: string;
  readonly symptom: Symptom;
  /** When it began, in epoch milliseconds of the API server. */
  readonly beganMs: number;
}

export interface LedgerTimes {
  readonly hold: HoldSeconds;
  /** What holds is said again after so long. */
  readonly repeatSeconds: number;
}

interface Case {
  symptom: Symptom;
  /** On the clock that only counts. */
  beganMs: number;
  saidAtMs: number | null;
  goneAtMs: number | null;
}

interface Entry {
  readonly place: Place;
  readonly cases: Map<string, Case>;
  /** Number of the list of its kind in which it was seen last. */
  list: number;
  tries: number;
  tryAtMs: number;
}

/**
 * What is ill, and for how long. It knows nothing of what is well: an object that was never said to be ill leaves no trace. Whatever comes
 * in is only a reason to look; what is said is decided by `judge`, of an object that was just read.
 */
export function openLedger(cluster: string, times: LedgerTimes) {
  const entries = new Map<string, Entry>();
  const lists = new Map<string, number>();
  const orphans = new Map<string, number>();

  const holdMs = ({ symptom }: Case) => {
    const given = times.hold[symptom.condition];
    return given === undefined
      ? CONDITIONS[symptom.condition].holdSeconds * 1000
      : given === null
        ? Number.POSITIVE_INFINITY
        : given * 1000;
  };
  const goneMs = ({ symptom }: Case) => CONDITIONS[symptom.condition].goneSeconds * 1000;
  const isRemembered = ({ saidAtMs, symptom }: Case) => saidAtMs !== null || CONDITIONS[symptom.condition].flaps;
  const isToFire = (one: Case, { elapsedMs }: Moment) =>
    one.goneAtMs === null &&
    !one.symptom.isPast &&
    elapsedMs - one.beganMs >= holdMs(one) &&
    (one.saidAtMs === null || elapsedMs - one.saidAtMs >= times.repeatSeconds * 1000);
  const isToResolve = (one: Case, { elapsedMs }: Moment) =>
    one.saidAtMs !== null && one.goneAtMs !== null && elapsedMs - one.goneAtMs >= goneMs(one);
  const mayBeOver = (one: Case, { serverMs }: Moment) =>
    one.saidAtMs !== null && one.goneAtMs === null && one.symptom.untilMs !== undefined && serverMs >= one.symptom.untilMs;

  function see(place: Place, symptoms: readonly Symptom[], now: Moment): void {
    const key = keyOf(place);
    const known = entries.get(key);
    if (!known && symptoms.length === 0) return;
    const entry = known ?? { place, cases: new Map(), list: 0, tries: 0, tryAtMs: 0 };
    entry.list = lists.get(scopeOf(place)) ?? 0;
    const told = new Map(symptoms.map((symptom) => [fingerprintOf(cluster, symptom.condition, symptom.labels), symptom]));
    for (const [fingerprint, one] of entry.cases) if (!told.has(fingerprint)) leave(entry, fingerprint, one, now);
    for (const [fingerprint, symptom] of told) {
      const one = entry.cases.get(fingerprint);
      if (one) carryOn(one, symptom, now);
      else entry.cases.set(fingerprint, begin(fingerprint, symptom, now));
    }
    if (entry.cases.size === 0) entries.delete(key);
    else entries.set(key, entry);
  }

  function begin(fingerprint: string, symptom: Symptom, now: Moment): Case {
    // What an open incident has been told of by an earlier process is not said anew at once.
    const saidAtMs = orphans.delete(fingerprint) ? now.elapsedMs : null;
    return { symptom, beganMs: beganMs(symptom, now), saidAtMs, goneAtMs: null };
  }

  function leave(entry: Entry, fingerprint: string, one: Case, { elapsedMs }: Moment): void {
    if (isRemembered(one)) one.goneAtMs ??= elapsedMs;
    else entry.cases.delete(fingerprint);
  }

  return {
    /** What an object says of itself, wherever that was read. */
    see,

    /** From here on everything of a kind, in one namespace or (empty) all, is told by `see`, until `endList`. */
    beginList(kind: string, namespace: string): void {
      // Where all namespaces are listed at once, each is.
      const scope = `${kind}/${namespace}`;
      lists.set(scope, (lists.get(scope) ?? 0) + 1);
    },

    /** What was not told since `beginList` is not there any more. */
    endList(kind: string, namespace: string, now: Moment): void {
      const list = lists.get(`${kind}/${namespace}`) ?? 0;
      for (const { place, list: seenIn } of [...entries.values()])
        if (place.kind === kind && scopeOf(place) === `${kind}/${namespace}` && seenIn < list) see(place, [], now);
    },

    /** Where something has to be looked at now, so that it may be said. */
    due(now: Moment): Place[] {
      const places: Place[] = [];
      for (const [key, entry] of entries) {
        for (const [fingerprint, one] of entry.cases)
          if (one.saidAtMs === null && one.goneAtMs !== null && now.elapsedMs - one.goneAtMs >= goneMs(one))
            entry.cases.delete(fingerprint);
        if (entry.cases.size === 0) entries.delete(key);
        else if (now.elapsedMs >= entry.tryAtMs && [...entry.cases.values()].some((one) => needsLook(one, now))) places.push(entry.place);
      }
      return places;
    },

    /** What is to be said of an object that was just read from the API server. @param symptoms empty also where it does not exist */
    judge(place: Place, symptoms: readonly Symptom[], now: Moment): ToSay[] {
      see(place, symptoms, now);
      const cases = entries.get(keyOf(place))?.cases ?? new Map<string, Case>();
      return [...cases].flatMap(([fingerprint, one]): ToSay[] => {
        const status = isToFire(one, now) ? 'firing' : isToResolve(one, now) ? 'resolved' : null;
        return status ? [{ status, fingerprint, symptom: one.symptom, beganMs: now.serverMs - (now.elapsedMs - one.beganMs) }] : [];
      });
    },

    /** That Temporal has it. */
    said(place: Place, { status, fingerprint }: Pick<ToSay, 'status' | 'fingerprint'>, now: Moment): void {
      const entry = entries.get(keyOf(place));
      const one = entry?.cases.get(fingerprint);
      if (!entry || !one) {
        // It went while it was being said; that it is over is to be said, too.
        if (status === 'firing') orphans.set(fingerprint, now.elapsedMs);
        return;
      }
      entry.tries = 0;
      if (status === 'firing') one.saidAtMs = now.elapsedMs;
      else entry.cases.delete(fingerprint);
      if (entry.cases.size === 0) entries.delete(keyOf(place));
    },

    /** That it could not be looked at or said; it is tried again after a while. */
    failed(place: Place, now: Moment): void {
      const entry = entries.get(keyOf(place));
      if (!entry) return;
      entry.tryAtMs = now.elapsedMs + Math.min(TRY_AGAIN_MAX_MS, TRY_AGAIN_FIRST_MS * 2 ** entry.tries);
      entry.tries = Math.min(entry.tries + 1, 10);
    },

    /** Alerts of ours that open incidents have been told of by whoever watched before. */
    inherit(fingerprints: readonly string[], now: Moment): void {
      const known = new Map([...entries.values()].flatMap(({ cases }) => [...cases]));
      for (const fingerprint of fingerprints) {
        const one = known.get(fingerprint);
        if (one) one.saidAtMs ??= now.elapsedMs;
        else orphans.set(fingerprint, now.elapsedMs);
      }
    },

    /** Of these, those that nothing has been found for since: they are over. */
    orphaned(now: Moment): string[] {
      return [...orphans].flatMap(([fingerprint, sinceMs]) => (now.elapsedMs - sinceMs >= ORPHANED_MS ? fingerprint : []));
    },

    /** That an inherited alert was said to be over. */
    forgetOrphan(fingerprint: string): void {
      orphans.delete(fingerprint);
    },

    has: (place: Place): boolean => entries.has(keyOf(place)),

    /** Objects that are remembered, and conditions of them that were said and hold. */
    counts() {
      const cases = [...entries.values()].flatMap((entry) => [...entry.cases.values()]);
      return { objects: entries.size, said: cases.filter(({ saidAtMs, goneAtMs }) => saidAtMs !== null && goneAtMs === null).length };
    },
  };

  function needsLook(one: Case, now: Moment): boolean {
    return isToFire(one, now) || isToResolve(one, now) || mayBeOver(one, now);
  }

  /** In which list of its kind it is told: that of its namespace, where that one is listed by itself. */
  function scopeOf({ kind, namespace }: Place): string {
    const own = `${kind}/${namespace}`;
    return lists.has(own) ? own : `${kind}/`;
  }
}

export function keyOf({ kind, namespace, name }: Place): string {
  return `${kind}/${namespace}/${name}`;
}

/** When it began, on the clock that only counts. Facts from the future began now. */
function beganMs({ sinceMs, atLeastSinceMs = null }: Symptom, { serverMs, elapsedMs }: Moment): number {
  const told = sinceMs ?? atLeastSinceMs;
  return told === null ? elapsedMs : elapsedMs - Math.max(0, serverMs - told);
}

/** The same condition, seen again: what is known of its age is not counted anew, so that no step of a clock makes it older or younger. */
function carryOn(one: Case, symptom: Symptom, now: Moment): void {
  const before = one.symptom.sinceMs;
  if (symptom.sinceMs !== null && symptom.sinceMs !== before) one.beganMs = beganMs(symptom, now);
  one.symptom = symptom;
  one.goneAtMs = null;
}
