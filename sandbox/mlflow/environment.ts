import { join } from 'node:path';
import type { Obtainer } from '../obtain.ts';
import { obtainPython } from '../python/environment.ts';

/**
 * The path of a Python that has MLflow, with what its authentication needs. An MLflow on PATH is left aside, for it is often the client alone.
 * @throws as `obtainPython`
 */
export function obtainMlflow(obtainer: Pick<Obtainer, 'cacheDir' | 'progress'>): Promise<string> {
  return obtainPython(obtainer, {
    // Its version is in the name, so that a sandbox of another version does not lose its own.
    name: 'mlflow-3.17.2',
    title: 'MLflow',
    requirements: join(import.meta.dirname, 'requirements.txt'),
    size: 'about 900 MB',
  });
}
