import type { Double, Recorded, Reply } from '../recorder.ts';
import { modelActions } from './model-actions.ts';
import { taskActions } from './task-actions.ts';

/** One model, as ClearML tells it. */
export interface ClearmlModel {
  readonly id: string;
  readonly name: string;
  readonly uri: string | null;
  readonly project: string;
  /** ISO 8601. */
  readonly created: string;
  readonly ready: boolean;
  tags: string[];
  system_tags: string[];
  metadata: Record<string, { key: string; type: string; value: string }>;
}

/** One task, as ClearML tells it. */
export interface ClearmlTask {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  status: string;
  status_reason: string;
  status_message: string;
  readonly created: string;
  started: string | null;
  status_changed: string;
  readonly parent: string | null;
  tags: string[];
  system_tags: string[];
  execution: { queue: string | null };
}

/** What a ClearML API server holds for a test. */
export interface ClearmlDouble {
  readonly answer: Double;
  readonly models: ClearmlModel[];
  readonly tasks: ClearmlTask[];
  /** Task to the lines of its log, in their order. */
  readonly logs: Map<string, string[]>;
  /** It is older than `models.update_tags`. */
  isOld: boolean;
  /** Tokens that were given out are not taken any more. */
  expireTokens(): void;
}

/** What an action answers: its data, or an error by its code and subcode. */
export type ActionReply = { readonly data: unknown } | { readonly error: readonly [code: number, subcode: number, message: string] };
export type Actions = Readonly<Record<string, (fields: Fields) => ActionReply>>;
/** Of a request; each action knows its own. */
// biome-ignore lint/suspicious/noExplicitAny: fields are as many kinds as there are actions
export type Fields = Readonly<Record<string, any>>;

const HEAD = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/** A small ClearML API server, in the format of its API 2.23. */
export function clearmlDouble(): ClearmlDouble {
  let tokens = 0;
  const double: ClearmlDouble = {
    answer: (request, headers) => reply(request, answer(request, headers.authorization ?? '')),
    models: [],
    tasks: [],
    logs: new Map(),
    isOld: false,
    expireTokens() {
      tokens += 1;
    },
  };
  const actions: Actions = { ...modelActions(double), ...taskActions(double) };
  return double;

  /** The package reads of a token until when it holds, and which version of the API the server has. */
  function token(): string {
    const claims = { exp: 4_000_000_000, api_version: '2.34', number: tokens };
    return `${HEAD}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmVk`;
  }

  function answer({ path, scheme, body }: Recorded, authorization: string): ActionReply {
    const [, version = '', action = ''] = /^\/(?:v([\d.]+)\/)?(\w+\.\w+)$/.exec(path) ?? [];
    if (action === 'auth.login')
      return scheme === 'Basic' ? { data: { token: token() } } : { error: [401, 20, 'unauthorized (missing credentials)'] };
    if (authorization !== `Bearer ${token()}`) return { error: [401, 30, 'invalid token'] };
    const act = actions[action];
    const isMissing = act === undefined || (action === 'models.update_tags' && (double.isOld || Number(version) < 2.27));
    if (isMissing) return { error: [404, 0, `Unable to find endpoint for name ${action} and version ${version}`] };
    return act((body ?? {}) as Fields);
  }
}

function reply({ path }: Recorded, result: ActionReply): Reply {
  const [code, subcode, message] = 'error' in result ? result.error : [200, 0, 'OK'];
  const endpoint = { name: path.split('/').at(-1) ?? '', requested_version: '2.23', actual_version: '2.23' };
  const meta = {
    id: 'f0',
    trx: 'f0',
    endpoint,
    result_code: code,
    result_subcode: subcode,
    result_msg: message,
    error_stack: '',
    error_data: {},
  };
  return { status: code, body: { meta, data: 'error' in result ? {} : result.data } };
}

/** Those of the page that was asked for, newest first, with the fields that were asked for. */
export function page<T extends { readonly created: string; readonly system_tags: readonly string[] }>(all: readonly T[], asked: Fields) {
  const shown = all.filter(({ system_tags }) => !(asked.system_tags?.includes('-archived') && system_tags.includes('archived')));
  const from = asked.page * asked.page_size;
  return shown
    .toSorted((a, b) => (a.created < b.created ? 1 : -1))
    .slice(from, from + asked.page_size)
    .map((one) => Object.fromEntries(asked.only_fields.map((field: string) => fieldOf(one as Fields, field.split('.')[0]!))));
}

function fieldOf(one: Fields, field: string): readonly [string, unknown] {
  return [field, one[field]];
}
