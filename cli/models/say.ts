import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { ModelRef } from '../../clients/model-records.ts';
import type { ModelRecord } from '../../incident/model-record.ts';
import { names } from '../../incident/models/model-facts.ts';
import type { PersonSays } from '../../incident/models/person-says.ts';
import type { Person } from '../../incident/person.ts';
import { startOf } from '../../worker/model-records.ts';
import type { Settings } from '../../worker/settings.ts';
import { openSystems } from '../../worker/systems/open-systems.ts';
import { untilHeard } from '../../worker/until-heard.ts';
import { pinVersion, quarantineVersion, releaseVersion, unpinVersion } from '../../workflows/messages.ts';
import { commander } from '../caller.ts';
import { printable } from '../printable.ts';
import { type Asked, type ModelOptions, modelText, withModel } from './records.ts';

/** What `pin`, `unpin`, `quarantine` and `release` take. */
export interface SayOptions extends ModelOptions {
  readonly reason: string;
}

/** What became of a mark in the registry. `none`: the model is in no registry that is configured here. */
type Marked =
  | { readonly kind: 'marked' | 'none'; readonly registry: string | null }
  | { readonly kind: 'failed'; readonly registry: string; readonly why: string };

/** @throws one sentence when it is not clear which model is meant, no worker answers, or the record refuses it */
export function sayOfModel(kind: PersonSays['kind'], model: string, version: string | null, options: SayOptions): Promise<void> {
  return withModel(model, options, async (asked) => {
    const { of, settings } = asked;
    const who = commander();
    const { name: by } = who;
    const record = await enter(asked, kind, version, { by: who, reason: options.reason });
    const marked = kind === 'quarantine' || kind === 'release' ? await markIn(settings, of, kind, versionOf(record, version!), by) : null;
    const said = { ...of, [kind]: version, by, reason: options.reason };
    const text = [`${WORDS[kind](modelText(of), version)}, said ${by}: ${options.reason}`, ...(marked ? [markedText(marked, model)] : [])];
    process.stdout.write(
      options.json ? `${JSON.stringify({ ...said, record: 'done', registry: marked })}\n` : `${text.map(printable).join('\n')}\n`,
    );
    // Half of what was asked for was not done.
    if (marked?.kind === 'failed') process.exitCode = 1;
  });
}

const WORDS: Readonly<Record<PersonSays['kind'], (model: string, version: string | null) => string>> = {
  pin: (model, version) => `Version ${version} of ${model} is pinned`,
  unpin: (model) => `No version of ${model} is pinned any more`,
  quarantine: (model, version) => `Version ${version} of ${model} is quarantined`,
  release: (model, version) => `Version ${version} of ${model} is out of quarantine`,
};

async function enter(
  { client, of }: Asked,
  kind: PersonSays['kind'],
  version: string | null,
  who: { readonly by: Person; readonly reason: string },
): Promise<ModelRecord> {
  const { workflow } = client;
  const call = { ...who, version: version ?? '' };
  const say = () => {
    const startWorkflowOperation = new WithStartWorkflowOperation('modelRecord', {
      ...startOf(of),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    switch (kind) {
      case 'pin':
        return workflow.executeUpdateWithStart(pinVersion, { startWorkflowOperation, args: [call] });
      case 'unpin':
        return workflow.executeUpdateWithStart(unpinVersion, { startWorkflowOperation, args: [who] });
      case 'quarantine':
        return workflow.executeUpdateWithStart(quarantineVersion, { startWorkflowOperation, args: [call] });
      case 'release':
        return workflow.executeUpdateWithStart(releaseVersion, { startWorkflowOperation, args: [call] });
      default:
        return kind satisfies never;
    }
  };
  try {
    return await untilHeard(say);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new Error(printable(error.cause?.message ?? error.message), { cause: error });
    throw error;
  }
}

/** The registry's version of what may be named by its address. */
function versionOf({ seen }: ModelRecord, named: string): string {
  return seen.find((one) => names(named, one))?.version ?? named;
}

async function markIn(
  settings: Settings,
  { registry: name, model }: ModelRef,
  kind: 'quarantine' | 'release',
  version: string,
  by: string,
): Promise<Marked> {
  const registry = name === null ? undefined : openSystems(settings).registries.get(name);
  if (registry === undefined) return { kind: 'none', registry: name };
  try {
    await registry.mark(model, kind === 'quarantine' ? { kind: 'quarantined', version, by } : { kind: 'released', version });
    return { kind: 'marked', registry: registry.name };
  } catch (error) {
    return { kind: 'failed', registry: registry.name, why: error instanceof Error ? error.message : String(error) };
  }
}

function markedText(marked: Marked, model: string): string {
  switch (marked.kind) {
    case 'marked':
      return `In the record, and in the registry ${marked.registry}.`;
    case 'none':
      return marked.registry === null
        ? `In the record alone: ${model} is in no registry.`
        : `In the record alone: the registry ${marked.registry} is not configured here.`;
    case 'failed':
      return `In the record alone; the registry ${marked.registry} was not told: ${marked.why}`;
    default:
      return marked satisfies never;
  }
}
