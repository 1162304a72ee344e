import { readAnswer } from '../http/read-answer.ts';
import type { KubeflowCall } from './kubeflow-call.ts';
import { RecurringRun, Run, Runs } from './kubeflow-seen.ts';

const RUNS_MAX = 10;
const READ_RUNS = 'get and list on runs of pipelines.kubeflow.org';
const READ_RECURRING = 'get on recurringruns (jobs) of pipelines.kubeflow.org';

/** How runs of an experiment are picked. */
type Picked =
  | { readonly operation: 'EQUALS'; readonly key: 'display_name' | 'recurring_run_id'; readonly string_value: string }
  | { readonly operation: 'IS_SUBSTRING'; readonly key: 'display_name'; readonly string_value: string };

export type KubeflowReader = ReturnType<typeof kubeflowReader>;

/** What is read of Kubeflow Pipelines; each of it may throw. */
export function kubeflowReader(call: KubeflowCall) {
  async function get(path: string, needs: string): Promise<unknown> {
    // A name that is no id is answered by 400.
    const answer = await call({ method: 'GET', path, needs, expects: ({ status, code }) => status === 404 || code === 'gRPC 5' });
    return answer.kind === 'failed' ? null : answer.body;
  }

  /** Newest first. */
  async function runs(experiment: string, picked: Picked): Promise<readonly Run[]> {
    const query = {
      experiment_id: experiment,
      page_size: String(RUNS_MAX),
      sort_by: 'created_at desc',
      filter: JSON.stringify({ predicates: [picked] }),
    };
    const answer = await call({ method: 'GET', path: 'runs', query, needs: READ_RUNS });
    return readAnswer(Runs, answer.kind === 'done' ? answer.body : null, "Kubeflow Pipelines' list of runs").runs;
  }

  return {
    runs,

    async run(id: string): Promise<Run | null> {
      const found = await get(`runs/${encodeURIComponent(id)}`, READ_RUNS);
      return found === null ? null : readAnswer(Run, found, `Kubeflow Pipelines' answer about run ${id}`);
    },

    async recurringRun(id: string): Promise<RecurringRun | null> {
      const found = await get(`recurringruns/${encodeURIComponent(id)}`, READ_RECURRING);
      return found === null ? null : readAnswer(RecurringRun, found, `Kubeflow Pipelines' answer about recurring run ${id}`);
    },

    /** What was made to do a run once more, newest first. */
    clones: (experiment: string, id: string) =>
      runs(experiment, { operation: 'IS_SUBSTRING', key: 'display_name', string_value: ` of ${id})` }),
  };
}
