import { redact } from '../../incident/redact.ts';
import { Refused, TryLater } from '../failures.ts';
import { waitMs } from './retry-after.ts';

const ANSWER_MS_MAX = 15_000;
const MESSAGE_CHARACTERS_MAX = 300;
const PROOF_CHARACTERS_MIN = 4;

/** An outside system that is spoken to in JSON over HTTP. */
export interface System {
  /** As people call it, such as `MLflow`. */
  readonly name: string;
  /** Where it is; what is called is below it. */
  readonly url: string;
  /**
   * The header lines that say who we are. They are asked for again once when the system does not know us by them, so that a token that
   * ran out can be replaced.
   * @param refused the ones before were refused
   * @returns null where there are no others than those refused
   * @throws Refused when there can be none
   */
  readonly authorize: (refused: boolean) => Promise<Readonly<Record<string, string>> | null>;
  /** Whether it does not know us by them any more; by its 401 where nothing else is said. */
  readonly ranOut?: (failure: Failure) => boolean;
  /** What says who we are, for whoever mends it, such as `PARAMEDIC_MLFLOW_TOKEN`. */
  readonly credentials: string;
  /** Reads its own words for a failure; they may be no JSON, since a proxy answers, too. Absent: the text is taken as it is. */
  readonly explain?: (text: string) => Explained;
  /** How long an answer is waited for; 15 s by default. */
  readonly answerMsMax?: number;
  /** The header by which it says in how many seconds to come back, where it is not `Retry-After`. */
  readonly waitHeader?: string;
}

/** A failure as a system tells it. */
export interface Explained {
  /** Its own code, such as `RESOURCE_DOES_NOT_EXIST`; empty where it has none. */
  readonly code: string;
  readonly message: string;
}

/** One call of an outside system. */
export interface SystemCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the system's address, each part of it encoded already. */
  readonly path: string;
  /** Several values of one name are sent as often as there are. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The permission that it takes, in the system's own words, for whoever has to grant it. */
  readonly needs: string;
  /** Which failures are an answer, and no failure, such as one that says that there is none of this name. */
  readonly expects?: (failure: Failure) => boolean;
}

/** A failure that a system answered. */
export interface Failure extends Explained {
  readonly status: number;
}

/** What a system answered: its JSON, or a failure that was expected. */
export type Answer = { readonly kind: 'done'; readonly body: unknown } | ({ readonly kind: 'failed' } & Failure);

/**
 * Speaks to one outside system. It repeats nothing, but a call whose credentials had run out.
 * @throws Refused for what repeating cannot mend, TryLater where the system asks to wait, and a plain error for what may pass: it is away
 * or slow, it fails itself, or it answers what is no JSON.
 */
export function systemCall(system: System): (call: SystemCall) => Promise<Answer> {
  return async (call) => {
    const first = await ask(system, call, (await system.authorize(false)) ?? {});
    const others = first.failure !== null && ranOut(system, first.failure) ? await system.authorize(true) : null;
    const { text, failure, retryAfter } = others === null ? first : await ask(system, call, others);
    if (failure === null) return { kind: 'done', body: parsed(system, call, text) };
    if (call.expects?.(failure)) return { kind: 'failed', ...failure };
    throw failureOf(system, call, failure, retryAfter);
  };
}

function ranOut(system: System, failure: Failure): boolean {
  return system.ranOut?.(failure) ?? failure.status === 401;
}

/** One answer, with what it says where it is a failure. */
async function ask(system: System, call: SystemCall, authorization: Readonly<Record<string, string>>) {
  const answer = await send(system, call, authorization);
  const text = await textOf(system, answer);
  const waitHeaders = ['retry-after', 'ratelimit-reset', ...(system.waitHeader === undefined ? [] : [system.waitHeader])];
  const retryAfter = waitHeaders.map((name) => answer.headers.get(name)).find((value) => value !== null) ?? null;
  if (answer.ok) return { text, failure: null, retryAfter };
  const { code, message } = system.explain?.(text) ?? { code: '', message: text };
  const told = redact(withoutCredentials(message, authorization), MESSAGE_CHARACTERS_MAX);
  return { text, failure: { status: answer.status, code, message: told }, retryAfter };
}

async function send({ name, url, answerMsMax = ANSWER_MS_MAX }: System, call: SystemCall, authorization: Readonly<Record<string, string>>) {
  const address = new URL(`${url.replace(/\/+$/, '')}/${call.path.replace(/^\/+/, '')}`);
  for (const [name, values] of Object.entries(call.query ?? {}))
    for (const value of typeof values === 'string' ? [values] : values) address.searchParams.append(name, value);
  try {
    return await fetch(address, {
      method: call.method,
      headers: { ...authorization, ...(call.body === undefined ? {} : { 'content-type': 'application/json' }), ...call.headers },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(answerMsMax),
    });
  } catch (error) {
    throw unreached(name, address.origin, answerMsMax, error as Error);
  }
}

async function textOf({ name, url, answerMsMax = ANSWER_MS_MAX }: System, answer: Response): Promise<string> {
  try {
    return await answer.text();
  } catch (error) {
    throw unreached(name, new URL(url).origin, answerMsMax, error as Error);
  }
}

function unreached(name: string, origin: string, answerMsMax: number, error: Error): Error {
  if (error.name === 'TimeoutError')
    return new Error(`${name} at ${origin} did not answer within ${answerMsMax / 1000} s.`, { cause: error });
  return new Error(`Cannot reach ${name} at ${origin}: ${(error.cause as Error | undefined)?.message ?? error.message}`, { cause: error });
}

function parsed({ name }: System, { path }: SystemCall, text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} answers to ${path} with what is no JSON; a proxy before it may ask for a login.`, { cause: error });
  }
}

/** A server may repeat what it was sent. */
function withoutCredentials(message: string, authorization: Readonly<Record<string, string>>): string {
  const proofs = Object.values(authorization).flatMap((line) => {
    const [proof = '', scheme] = line.split(' ').reverse();
    const password =
      scheme === 'Basic'
        ? Buffer.from(proof, 'base64')
            .toString('utf8')
            .replace(/^[^:]*:/, '')
        : '';
    // One shorter than this stands in every other word.
    return [proof, password].filter((one) => one.length >= PROOF_CHARACTERS_MIN);
  });
  return proofs.reduce((rest, proof) => rest.replaceAll(proof, '[redacted]'), message);
}

function failureOf({ name, credentials }: System, { path, needs }: SystemCall, failure: Failure, retryAfter: string | null): Error {
  const said = `${name} answers ${[failure.status, failure.code].filter(Boolean).join(' ')} to ${path}: ${failure.message || 'no reason given'}`;
  if (failure.status === 401) return new Refused(`${name} does not know us: check ${credentials}. ${said}`);
  if (failure.status === 403) return new Refused(`${name} does not allow it: ${needs} is missing. ${said}`);
  if (failure.status === 429 || failure.status === 503) return new TryLater(said, waitMs(retryAfter));
  if (failure.status === 408 || failure.status >= 500) return new Error(said);
  return new Refused(said);
}
