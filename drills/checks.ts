import { isDeepStrictEqual } from 'node:util';
import type { Address } from '../clients/kubernetes/any-objects.ts';
import { isReady, type Seen } from './readiness.ts';
import type { Check } from './schema.ts';

/** What a check is held against. */
export interface Judged {
  readonly objects: Seen;
  /** The specs that must be unchanged, as the fault left them. */
  readonly specs: ReadonlyMap<string, unknown>;
}

/** The checks that do not hold, each as a sentence. */
export async function failingChecks(checks: readonly Check[], judged: Judged): Promise<string[]> {
  const answers = await Promise.all(checks.map((check) => faultOf(check, judged)));
  return answers.filter((answer) => answer !== null);
}

/** The specs of all that must stay unchanged. */
export async function specsOf(checks: readonly Check[], objects: Seen): Promise<Map<string, unknown>> {
  const wanted = checks.flatMap(({ unchanged }) => (unchanged ? [unchanged] : []));
  return new Map(await Promise.all(wanted.map(async (at) => [textOf(at), (await objects.read(at))?.spec] as const)));
}

/** Why a check does not hold, as a sentence; null where it does. */
export async function faultOf(check: Check, { objects, specs }: Judged): Promise<string | null> {
  const { ready, notReady, equals, exists, absent, unchanged } = check;
  if (ready) return (await isReady(ready, objects)) ? null : `${ready.kind} ${ready.name} is not ready`;
  if (notReady) return (await isReady(notReady, objects)) ? `${notReady.kind} ${notReady.name} is ready` : null;
  if (equals) {
    const found = fieldAt(await objects.read(equals), equals.path) ?? null;
    const same = isDeepStrictEqual(found, equals.value ?? null);
    return same ? null : `${textOf(equals)}: ${equals.path} is ${JSON.stringify(found)}, not ${JSON.stringify(equals.value)}`;
  }
  if (exists) return (await objects.read(exists)) ? null : `${textOf(exists)} does not exist`;
  if (absent) return (await objects.read(absent)) ? `${textOf(absent)} exists` : null;
  if (unchanged)
    return isDeepStrictEqual((await objects.read(unchanged))?.spec, specs.get(textOf(unchanged)))
      ? null
      : `the spec of ${textOf(unchanged)} was changed`;
  return null;
}

function fieldAt(object: unknown, path: string): unknown {
  let here = object;
  // Keys with dots in them, such as annotations, are written as spec.selector["a.b/c"].
  for (const [, quoted, plain] of path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g))
    here = (here as Record<string, unknown> | null | undefined)?.[quoted ?? plain ?? ''];
  return here;
}

function textOf({ kind, name }: Address): string {
  return `${kind} ${name}`;
}
