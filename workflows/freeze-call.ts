import type { Demotion, Freeze } from '../guards/ledger/ledger.ts';
import type { Person } from '../incident/person.ts';
import { CONTAINMENTS, REMEDIES } from '../incident/remedy.ts';
import { readCaller } from './caller.ts';
import type { DemoteCall, FreezeCall, ResetCall } from './messages.ts';

const TEXT_CHARACTERS_MAX = 300;
const FREEZE_SECONDS_MAX = 366 * 86_400;
const KEYS: readonly string[] = ['namespace', 'runbook', 'forSeconds', 'by', 'reason'] satisfies (keyof FreezeCall)[];
/** Names of namespaces, and of runbooks too. */
const NAME = /^[a-z0-9][a-z0-9-]*$/;

/** A person's call as a freeze. @throws a sentence that names the field when it cannot be understood; a slip must not freeze the wrong thing. */
export function readFreeze(call: FreezeCall | undefined, nowMs: number): Omit<Freeze, 'sinceMs'> {
  const scope = readScope(call) ?? { namespace: null, runbook: null };
  const { forSeconds } = call ?? {};
  const isLength = typeof forSeconds === 'number' && forSeconds >= 1 && forSeconds <= FREEZE_SECONDS_MAX;
  if (!isLength && forSeconds !== undefined && forSeconds !== null)
    throw new Error(
      `Cannot freeze for ${JSON.stringify(forSeconds)} s: forSeconds must be a number of seconds from 1 to ${FREEZE_SECONDS_MAX}, or left out.`,
    );
  return {
    ...scope,
    by: byText(whoGave(call)),
    reason: whyGiven(call),
    untilMs: isLength ? nowMs + Math.ceil(forSeconds * 1000) : null,
  };
}

/** What a call is about; null when it is about everything. @throws a sentence that names the field when it cannot be understood. */
export function readScope(call: FreezeCall | undefined): Pick<Freeze, 'namespace' | 'runbook'> | null {
  const given: unknown = call;
  if (given === undefined || given === null) return null;
  if (typeof given !== 'object' || Array.isArray(given))
    throw new Error(`Cannot understand ${JSON.stringify(given)}: it must be an object such as {"namespace": "ml"}, or {} for everything.`);
  const unknown = Object.keys(given).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw new Error(`Cannot understand "${unknown}": only ${KEYS.join(', ')} may be given.`);
  const scope = { namespace: name('namespace', call?.namespace), runbook: name('runbook', call?.runbook) };
  return scope.namespace === null && scope.runbook === null ? null : scope;
}

/** Empty means nothing, never everything. */
function name(key: string, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length <= TEXT_CHARACTERS_MAX && NAME.test(value)) return value;
  const given = JSON.stringify(value).slice(0, TEXT_CHARACTERS_MAX);
  throw new Error(`Cannot understand "${key}": ${given} is not the name of a ${key}; leave it out for every ${key}.`);
}

/** Who gives a call; null where they do not say. @throws a sentence that names the field when it cannot be understood. */
export function whoGave(call: Pick<FreezeCall, 'by'> | undefined): Person | null {
  const by = call?.by;
  if (typeof by === 'object' && by !== null) return readCaller(by);
  const name = text('by', by);
  return name === null ? null : { id: name, name, way: 'webUi', groups: [] };
}

/** Why a call is given; empty where they do not say. @throws a sentence that names the field when it cannot be understood. */
export function whyGiven(call: Pick<FreezeCall, 'reason'> | undefined): string {
  return text('reason', call?.reason) ?? '';
}

/** Whoever gave a call, as the others read it. */
export function byText(who: Person | null): string {
  if (who === null) return 'a person';
  if (who.way !== 'slack') return who.name;
  return who.name === who.id ? `Slack user ${who.id}` : `${who.name} (Slack user ${who.id})`;
}

/** What a person vouches for. @throws a sentence that names the field when it cannot be understood. */
export function readReset(call: ResetCall | undefined): { readonly of: string; readonly by: string } {
  const of = text('of', call?.of);
  if (of === null) throw new Error('Cannot reset nothing: "of" must name a circuit breaker, such as "remedy restart", or be "record".');
  return { of, by: byText(whoGave(call)) };
}

/** What a person wants to be asked about. @throws a sentence that names the field when it cannot be understood. */
export function readDemotion(call: DemoteCall | undefined): Omit<Demotion, 'atMs'> {
  const runbook = name('runbook', call?.runbook);
  if (runbook === null) throw new Error('Cannot demote nothing: "runbook" must be the name of a runbook, such as "pod-crash".');
  const remedy = [...REMEDIES, ...CONTAINMENTS].find((one) => one === call?.remedy) ?? null;
  if (remedy === null && call?.remedy !== undefined && call?.remedy !== null)
    throw new Error(`Cannot understand "remedy": it must be one of ${REMEDIES.join(', ')}, or be left out for every remedy.`);
  const why = whyGiven(call);
  if (why === '') throw new Error('Cannot demote without a "reason": whoever is asked from now on reads it.');
  return { runbook, remedy, namespace: name('namespace', call?.namespace), why: `${byText(whoGave(call))} wants it: ${why}` };
}

function text(key: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || value.length > TEXT_CHARACTERS_MAX)
    throw new Error(`Cannot understand "${key}": it must be a text of at most ${TEXT_CHARACTERS_MAX} characters.`);
  return value;
}
