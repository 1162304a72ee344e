import { InvalidArgumentError, Option } from 'commander';
import { isNamespaceName, isRunbookName } from '../incident/names.ts';
import { secondsOf } from '../incident/time-span.ts';
import { defaultStateFolder } from './state-folder.ts';

/** Where `paramedic up` said which Temporal it runs. */
export function dataOption(): Option {
  return new Option('--data <folder>', 'state folder of "paramedic up"').default(defaultStateFolder(process.env));
}

export function namespaceName(text: string): string {
  if (isNamespaceName(text)) return text;
  throw new InvalidArgumentError('It must be the name of a Kubernetes namespace.');
}

/** Clusters are called as namespaces are. */
export function clusterName(text: string): string {
  if (isNamespaceName(text)) return text;
  throw new InvalidArgumentError('It must be the name of a cluster, such as prod-eu.');
}

export function runbookName(text: string): string {
  if (isRunbookName(text)) return text;
  throw new InvalidArgumentError('It must be the name of a runbook, such as pod-crash.');
}

export function seconds(text: string): number {
  const found = secondsOf(text);
  if (found !== null) return found;
  throw new InvalidArgumentError('It must be a length of time of at most a year, such as 90s, 30m, 2h or 1d.');
}
