import { join } from 'node:path';
import { obtainMlflow } from '../mlflow/environment.ts';
import { mlflowServer } from '../mlflow/server.ts';
import { ADMIN, secretOf } from '../secrets.ts';
import { writeSecret } from '../site.ts';
import type { Part } from './part.ts';

/** A model registry of its own, for those with a name and a password. */
export const mlflowAuth: Part = {
  name: 'mlflow-auth',
  after: [],
  optional: true,
  obtain: obtainMlflow,
  run(site) {
    const { args, env, ...run } = mlflowServer(site, 'mlflow-auth');
    const config = join(site.dataDir, 'mlflow-auth', 'auth.ini');
    writeSecret(
      config,
      `[mlflow]
default_permission = NO_PERMISSIONS
database_uri = sqlite:///${join(site.dataDir, 'mlflow-auth', 'users.db')}
admin_username = ${ADMIN}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`,
    );
    return {
      ...run,
      args: [...args, '--app-name', 'basic-auth'],
      env: {
        ...env,
        MLFLOW_AUTH_CONFIG_PATH: config,
        MLFLOW_AUTH_ADMIN_PASSWORD: secretOf(site, 'mlflow-auth'),
        // Signs what its pages send back.
        MLFLOW_FLASK_SERVER_SECRET_KEY: secretOf(site, 'mlflow-auth-sessions'),
      },
    };
  },
};
