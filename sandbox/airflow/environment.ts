import { join } from 'node:path';
import type { Obtainer } from '../obtain.ts';
import { obtainPython } from '../python/environment.ts';

/**
 * The path of a Python that has Airflow. One on PATH is left aside, for it comes with settings of its own.
 * @throws as `obtainPython`
 */
export function obtainAirflow(obtainer: Pick<Obtainer, 'cacheDir' | 'progress'>): Promise<string> {
  return obtainPython(obtainer, {
    name: 'airflow-3.3.2',
    title: 'Airflow',
    requirements: join(import.meta.dirname, 'requirements.txt'),
    size: 'about 300 MB',
  });
}
