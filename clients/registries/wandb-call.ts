import { z } from 'zod';
import { Refused } from '../failures.ts';
import { readAnswer } from '../http/read-answer.ts';
import { type Explained, type System, systemCall } from '../http/system-call.ts';

/** Where a W&B server is, who we are there, and which of its registries is meant. */
export interface WandbAccess {
  readonly url: string;
  readonly apiKey: string;
  /** Whose registry it is, by the organisation's name. */
  readonly organization: string;
  /** The registry's own name, such as `model`. */
  readonly registry: string;
  /** How long an answer is waited for; 15 s by default. */
  readonly answerMsMax?: number;
}

/** What a document was answered with: its data, or that whoever asks may not. */
type WandbAnswer = { readonly kind: 'done'; readonly data: unknown } | { readonly kind: 'denied' };

/** One GraphQL document with its variables. */
export type WandbCall = (
  document: string,
  variables: Readonly<Record<string, unknown>>,
  more: {
    /** The permission that it takes. */
    readonly needs: string;
    /** To be denied is an answer, and no failure. */
    readonly mayBeDenied?: boolean;
  },
) => Promise<WandbAnswer>;

const Errors = z.array(z.object({ message: z.string() })).nullish();
const Envelope = z.object({ data: z.unknown(), errors: Errors });
const Failure = z.object({ errors: Errors, error: z.string().nullish() });

/** W&B refuses in words alone: a GraphQL error has no code of its own. */
const DENIAL = /permission|not authori[sz]ed|forbidden|access denied|read.only|protected/i;

/** W&B's GraphQL API. @throws as `systemCall`, also for the errors that it answers with 200 */
export function wandbCall({ url, apiKey, answerMsMax }: WandbAccess): WandbCall {
  const call = systemCall({
    name: 'W&B',
    url,
    authorize: async (refused) => (refused ? null : { authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}` }),
    credentials: 'PARAMEDIC_WANDB_API_KEY',
    explain,
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  } satisfies System);
  return async (query, variables, { needs, mayBeDenied = false }) => {
    const body = { query, variables };
    const answer = await call({ method: 'POST', path: 'graphql', body, needs, expects: ({ status }) => mayBeDenied && status === 403 });
    if (answer.kind === 'failed') return { kind: 'denied' };
    const { data, errors } = readAnswer(Envelope, answer.body, "W&B's answer");
    const [error] = errors ?? [];
    if (error === undefined) return { kind: 'done', data };
    if (!DENIAL.test(error.message)) throw new Error(`W&B could not answer: ${error.message}`);
    if (mayBeDenied) return { kind: 'denied' };
    throw new Refused(`W&B does not allow it: ${needs} is missing. It says: ${error.message}`);
  };
}

/** Refusals of a proxy are no JSON. */
function explain(text: string): Explained {
  try {
    const { errors, error } = Failure.parse(JSON.parse(text));
    return { code: '', message: errors?.[0]?.message ?? error ?? '' };
  } catch {
    return { code: '', message: text };
  }
}
