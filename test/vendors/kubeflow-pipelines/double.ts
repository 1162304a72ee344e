import type { IncomingMessage } from 'node:http';
import type { Recorded, Reply } from '../recorder.ts';

/** A run as the double keeps it, in the API's own fields. */
export interface KubeflowRunKept {
  readonly run_id: string;
  readonly display_name: string;
  readonly description?: string;
  readonly experiment_id: string;
  readonly recurring_run_id?: string;
  state: string;
  created_at: string;
  finished_at: string;
  error?: { readonly code: number; readonly message: string };
  state_history: { readonly state: string; readonly update_time: string }[];
  readonly pipeline_version_reference?: Readonly<Record<string, string>>;
  readonly pipeline_spec?: unknown;
  readonly runtime_config?: unknown;
  readonly service_account?: string;
  run_details?: { readonly task_details: readonly unknown[] };
}

export interface KubeflowRecurringRunKept {
  readonly recurring_run_id: string;
  readonly display_name: string;
  readonly description?: string;
  readonly experiment_id: string;
  status: 'ENABLED' | 'DISABLED';
  readonly max_concurrency: string;
  readonly trigger: unknown;
}

/** What the double holds of Kubeflow Pipelines, and how it answers: in the format of its API server, version v2beta1. */
export interface KubeflowDouble {
  readonly runs: Map<string, KubeflowRunKept>;
  readonly recurringRuns: Map<string, KubeflowRecurringRunKept>;
  /** What it does with a retry: has the run go on, accepts it and does nothing, or answers so. */
  retries: 'goOn' | 'nothing' | Reply;
  /** The audience that its tokens must be for is theirs to prove; here it is the token itself. Null: anybody is let in. */
  token: string | null;
  readonly answer: (request: Recorded, headers: IncomingMessage['headers']) => Reply;
}

interface Predicate {
  readonly operation: string;
  readonly key: 'display_name' | 'recurring_run_id';
  readonly string_value: string;
}

const NOT_ENDED = '1970-01-01T00:00:00Z';

export function kubeflowDouble(): KubeflowDouble {
  const double: KubeflowDouble = { runs: new Map(), recurringRuns: new Map(), retries: 'goOn', token: null, answer };
  return double;

  function answer(request: Recorded, headers: IncomingMessage['headers']): Reply {
    if (double.token !== null && headers.authorization !== `Bearer ${double.token}`)
      return failing(401, 16, 'Request header error: there is no valid token.');
    const [, , place = '', named = ''] = request.path.split('/').slice(1).map(decodeURIComponent);
    const [id = '', verb] = named.split(':');
    if (place === 'recurringruns') return ofRecurringRun(id, verb);
    if (id !== '') return ofRun(id, verb);
    return request.method === 'POST' ? create(request.body as Partial<KubeflowRunKept>) : list(request.query);
  }

  function ofRecurringRun(id: string, verb: string | undefined): Reply {
    const kept = double.recurringRuns.get(id);
    if (kept === undefined) return failing(404, 5, `Failed to get recurring run: Recurring run ${id} not found.`);
    if (verb === undefined) return { body: kept };
    kept.status = verb === 'disable' ? 'DISABLED' : 'ENABLED';
    return { body: {} };
  }

  function ofRun(id: string, verb: string | undefined): Reply {
    const run = double.runs.get(id);
    if (run === undefined) return failing(404, 5, `Failed to get a run: Run ${id} not found.`);
    if (verb === undefined) return { body: run };
    if (typeof double.retries !== 'string') return double.retries;
    if (run.state !== 'FAILED') return failing(400, 9, `Failed to retry run ${id} as it is not failed.`);
    if (double.retries === 'goOn') Object.assign(run, { state: 'RUNNING', finished_at: NOT_ENDED });
    return { body: {} };
  }

  function create(asked: Partial<KubeflowRunKept>): Reply {
    const run_id = `made-${double.runs.size + 1}`;
    const now = '2026-03-02T11:30:00Z';
    const made = { ...asked, run_id, state: 'PENDING', created_at: now, finished_at: NOT_ENDED, state_history: [] } as KubeflowRunKept;
    double.runs.set(run_id, made);
    return { body: made };
  }

  function list({ filter, experiment_id, page_size }: Recorded['query']): Reply {
    const { predicates } = JSON.parse(filter ?? '{"predicates":[]}') as { readonly predicates: readonly Predicate[] };
    const picked = [...double.runs.values()].filter(
      (run) => run.experiment_id === experiment_id && predicates.every((one) => isPicked(run[one.key] ?? '', one)),
    );
    const newestFirst = picked.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
    return { body: { runs: newestFirst.slice(0, Number(page_size)), total_size: picked.length } };
  }
}

function isPicked(value: string, { operation, string_value }: Predicate): boolean {
  return operation === 'EQUALS' ? value === string_value : value.includes(string_value);
}

/** As the gateway of its gRPC server says it. */
export function failing(status: number, code: number, message: string): Reply {
  return { status, body: { error: message, code, message, details: [] } };
}
