import type { Drill, End } from './schema.ts';

/** A change that Paramedic made to the cluster. */
export interface Write {
  readonly verb: string;
  /** Plural, as in the API, with the subresource: `deployments`, `pods/eviction`. */
  readonly resource: string;
  readonly name: string;
}

/** What came of a scenario. `none`: no incident began; `open`: it was not over in time; `notPlayed`: the fault could not be injected. */
export interface Played {
  readonly cause: string | null;
  readonly end: End | 'none' | 'open' | 'notPlayed';
  /** The remedies that were applied, in order; those taken back again are not among them. */
  readonly remedies: readonly string[];
  /** From the alert to the end; null where there was none. */
  readonly seconds: number | null;
  /** The checks that do not hold when all is over, or why it could not be played. */
  readonly failing: readonly string[];
  /** Why it ended, in Paramedic's own words; shown, but not judged. */
  readonly said: string | null;
  /** What Paramedic wrote, by what the cluster itself tells. */
  readonly writes: readonly Write[];
}

/** What is said of one scenario. */
export interface Judgement {
  readonly causeRight: boolean;
  readonly endRight: boolean;
  readonly wrongActions: number;
  readonly right: boolean;
  /** Why it is not right, each as a sentence; empty where it is. */
  readonly why: readonly string[];
}

/** What a scenario expects. */
type Expected = Pick<Drill, 'expect' | 'target' | 'mayChange'>;

/** Judges by what the cluster shows; Paramedic's own word counts for the cause alone. */
export function judge({ expect, target, mayChange }: Expected, played: Played): Judgement {
  const allowed = mayWrite({ expect, target, mayChange });
  const wrong = played.writes.filter((write) => !allowed.some((one) => isWriteTo(write, one)));
  const others = expect.end === 'healed' ? played.remedies.filter((remedy) => remedy !== expect.remedy) : [];
  const wrongActions = wrong.length + others.length;
  const causeRight = played.cause === expect.cause;
  const reached = isEnd(expect.end, played);
  const healedByIt = expect.remedy === undefined || played.remedies.includes(expect.remedy);
  const endRight = reached && healedByIt && played.failing.length === 0;
  const why = [
    ...(causeRight ? [] : [`cause ${played.cause ?? 'none'}, not ${expect.cause}`]),
    ...(reached ? [] : [`end ${played.end}, not ${expect.end}`]),
    ...(healedByIt ? [] : [`${expect.remedy} was not applied (${played.remedies.join(', ') || 'nothing was'})`]),
    ...played.failing,
    ...wrong.map(({ verb, resource, name }) => `wrote where it may not: ${verb} ${resource} ${name}`),
    ...others.map((remedy) => `applied ${remedy}`),
  ];
  return { causeRight, endRight, wrongActions, right: causeRight && endRight && wrongActions === 0, why };
}

/** What Paramedic may write to: the target wherever it is to be healed, and what the scenario names beside it. */
export function mayWrite({ expect, target, mayChange }: Expected) {
  return [...(expect.end === 'healed' ? [target] : []), ...(mayChange ?? [])];
}

/** Where something is to be left alone only acting is wrong: that a person hears of it is not. */
function isEnd(expected: End, { end, writes }: Played): boolean {
  if (expected !== 'leftAlone') return end === expected;
  return writes.length === 0 && end !== 'notPlayed';
}

/** A write to the object itself, or to a pod or further run of it: what may be changed may be restarted, or run again. */
export function isWriteTo({ resource, name }: Write, may: { readonly kind: string; readonly name: string }): boolean {
  const [plural] = resource.split('/');
  if (plural === pluralOf(may.kind) && name === may.name) return true;
  const owned = plural === 'pods' ? PODS_OF[may.kind] : plural === 'jobs' ? RUNS_OF[may.kind] : undefined;
  return owned !== undefined && name.startsWith(may.name) && owned.test(name.slice(may.name.length));
}

/** How the names of an object's pods go on after its own. */
const PODS_OF: Readonly<Record<string, RegExp>> = {
  Deployment: /^-[a-z0-9]+-[a-z0-9]{5}$/,
  InferenceService: /^-predictor-[a-z0-9]+-[a-z0-9]{5}$/,
  StatefulSet: /^-\d+$/,
  DaemonSet: /^-[a-z0-9]{5}$/,
  Job: /^-[a-z0-9]{5}$/,
};

/** The same of the Jobs that are runs of an object. */
const RUNS_OF: Readonly<Record<string, RegExp>> = { Job: /^-retry-\d+$/, CronJob: /^-[a-z0-9-]+$/ };

export function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : word.endsWith('s') ? `${word}es` : `${word}s`;
}
