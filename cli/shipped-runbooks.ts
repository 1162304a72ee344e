import { join, relative } from 'node:path';

/** The folder commands read runbooks from when none is given, as short as it can be said from here. */
export function shippedRunbooks(environment: NodeJS.ProcessEnv): string {
  return environment.PARAMEDIC_RUNBOOKS || relative(process.cwd(), join(import.meta.dirname, '..', 'runbooks')) || '.';
}
