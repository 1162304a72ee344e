/**
 * A worker as a process of its own, so that it can be killed: `node mortal-worker.ts <address> <namespace> <task queue> <bundle> <folder> [hold]`. Its model server
 * and its registry are files in the folder, so that the next one finds what this one did. With `hold` it goes no further than that: `read`,
 * before it has written anything of the rollback into the registry; `quarantined`, directly after it has written that and nothing else.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { ModelRegistry } from '../../clients/registries/model-registry.ts';
import type { AuditEntry } from '../../incident/audit-entry.ts';
import { createSharedWorker, createWorker } from '../../worker/run-worker.ts';
import { failingModelServer, modelServer, registeredModel } from '../evidence.ts';
import { only, scriptedCluster } from '../scripted-cluster.ts';

const [address = '', namespace = '', taskQueue = '', codePath = '', folder = '', hold = ''] = process.argv.slice(2);
const file = (name: string) => join(folder, name);
const lines = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n') : []);
const note = (name: string, line: string) => appendFileSync(file(name), `${line}\n`);
const forever = () => new Promise<never>(() => undefined);

const script = scriptedCluster(lines('acts').length > 0 ? [modelServer({})] : [failingModelServer(), modelServer({})]);
const cluster: typeof script = {
  ...script,
  async apply(target, change, bound, options) {
    const result = await script.apply(target, change, bound, options);
    if (!options.dryRun) note('acts', change.kind);
    return result;
  },
};

const registry: ModelRegistry = {
  name: 'mlflow',
  async readModel() {
    if (hold === 'read' && lines('acts').length > 0) await forever();
    const model = registeredModel();
    const marks = lines('marks');
    const versions = model.versions.map((one) => ({ ...one, quarantined: marks.includes(`quarantined ${one.version}`) }));
    const moved = marks.filter((one) => one.startsWith('alias production ')).at(-1);
    return { ...model, versions, aliases: moved ? { ...model.aliases, production: moved.split(' ')[2]! } : model.aliases };
  },
  async mark(_model, mark) {
    if (mark.kind === 'alias') note('marks', `alias ${mark.alias} ${mark.version}`);
    else if (mark.kind !== 'promotionFreeze') note('marks', `${mark.kind} ${mark.version}`);
    if (hold === mark.kind) await forever();
  },
};

Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const parts = { connection, namespace, workflowBundle: { codePath } };
const writeAudit = (entry: AuditEntry) => {
  note('audit', JSON.stringify(entry));
  return '';
};
const channels = { escalationWebhooks: [], writeAudit, log: () => undefined };
const workers = [
  await createWorker({ ...parts, taskQueue, kubernetes: cluster, registries: only(registry), channels }),
  await createSharedWorker({ ...parts, channels }),
];
await Promise.all(workers.map((worker) => worker.run()));
