import type { ModelRef } from '../../clients/model-records.ts';
import { modelOfWorkflowId, modelRecordPrefix } from '../../incident/models/kept-record.ts';
import { isUnanswered } from '../../worker/permit-offices.ts';
import { type IncidentRecord, withIncidents } from '../incidents/connect.ts';
import { printable } from '../printable.ts';

/** Only a worker can answer. */
const ANSWER_WITHIN_MS = 10_000;

/** What every command about one model takes. */
export interface ModelOptions {
  readonly data: string;
  readonly registry?: string;
  readonly json?: true;
}

/** One model whose record is asked for, and by what. */
export interface Asked extends Pick<IncidentRecord, 'client' | 'settings'> {
  readonly of: ModelRef;
}

/** Every model of which there is a record. @param cluster null: of all clusters */
export async function recordedModels({ client }: Pick<IncidentRecord, 'client'>, cluster: string | null): Promise<readonly ModelRef[]> {
  const inCluster = cluster === null ? '' : ` AND WorkflowId STARTS_WITH '${modelRecordPrefix(cluster)}'`;
  const found = new Map<string, ModelRef>();
  for await (const { workflowId } of client.workflow.list({ query: `WorkflowType = 'modelRecord'${inCluster}` })) {
    const model = modelOfWorkflowId(workflowId);
    if (model) found.set(workflowId, model);
  }
  return [...found.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, model]) => model);
}

/**
 * Finds the model that is meant, and uses its record for the time of a call.
 * @throws one sentence when Temporal is away, no worker answers, or it is not clear which model is meant
 */
export function withModel<T>(model: string, { data, registry }: ModelOptions, use: (asked: Asked) => Promise<T>): Promise<T> {
  return withIncidents(data, async ({ client, settings }) => {
    const cluster = settings.PARAMEDIC_CLUSTER;
    const of =
      registry === undefined
        ? await theOneCalled(model, cluster, await recordedModels({ client }, cluster))
        : { cluster, registry: registry === '-' ? null : registry, model };
    return answered(cluster, () => client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => use({ client, settings, of })));
  });
}

function theOneCalled(model: string, cluster: string, all: readonly ModelRef[]): ModelRef {
  const [only, ...others] = all.filter((one) => one.model === model);
  if (only === undefined)
    throw new Error(
      printable(
        `Nothing is known of a model "${model}" in cluster ${cluster}: no server was seen with it. See "paramedic models list"; to say something of it all the same, name its registry with --registry.`,
      ),
    );
  if (others.length === 0) return only;
  const places = [only, ...others].map(({ registry }) => registry ?? '-').join(', ');
  throw new Error(printable(`Several models of cluster ${cluster} are called "${model}"; say which with --registry, one of: ${places}.`));
}

async function answered<T>(cluster: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    throw new Error(
      `No worker of cluster "${cluster}" (PARAMEDIC_CLUSTER) answered within ${ANSWER_WITHIN_MS / 1000} s, and only one can tell or take this. Start one with "paramedic worker" or "paramedic up", and say it again.`,
      { cause: error },
    );
  }
}

/** A model as people know it, such as `churn (mlflow, cluster prod)`. */
export function modelText({ cluster, registry, model }: ModelRef): string {
  return printable(`${model} (${registry ?? 'in no registry'}, cluster ${cluster})`);
}
