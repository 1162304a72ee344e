import { obtainMlflow } from '../mlflow/environment.ts';
import { mlflowServer } from '../mlflow/server.ts';
import type { Part } from './part.ts';

/** The model registry, on SQLite, for everybody. */
export const mlflow: Part = {
  name: 'mlflow',
  after: [],
  obtain: obtainMlflow,
  run: (site) => mlflowServer(site, 'mlflow'),
};
