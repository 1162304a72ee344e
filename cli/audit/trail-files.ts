import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStateFolder } from '../state-folder.ts';

/** The file that the audit trail is read from when none is given: the setting's, else that of `paramedic up`, else that of a worker here. */
export function defaultTrail(environment: NodeJS.ProcessEnv): string {
  if (environment.PARAMEDIC_AUDIT_LOG) return environment.PARAMEDIC_AUDIT_LOG;
  const ofUp = join(defaultStateFolder(environment), 'audit.jsonl');
  return existsSync(ofUp) ? ofUp : 'paramedic-audit.jsonl';
}

/** How many bytes there are in all. @throws a sentence when one cannot be read. */
export function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => {
    try {
      return sum + statSync(file).size;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : (error as Error).message;
      throw new Error(
        `Cannot read the audit trail ${file}: ${why}. Name its file, or set PARAMEDIC_AUDIT_LOG; it is where the worker runs.`,
        { cause: error },
      );
    }
  }, 0);
}
