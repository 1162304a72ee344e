import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN, secretOf } from '../secrets.ts';
import { loopback, type Site, writeSecret } from '../site.ts';

/** Where the DAGs are; what is written there is known to Airflow within seconds. */
export function airflowDagsPath({ dataDir }: Pick<Site, 'dataDir'>): string {
  return join(airflowHome({ dataDir }), 'dags');
}

function airflowHome({ dataDir }: Pick<Site, 'dataDir'>): string {
  return join(dataDir, 'airflow');
}

/** Makes Airflow's folder, and gives the environment in which each of its commands runs. */
export function airflowSettings(site: Site): Record<string, string> {
  const home = airflowHome(site);
  const address = loopback(site.ports.airflow);
  mkdirSync(airflowDagsPath(site), { recursive: true });
  const passwords = writeSecret(join(home, 'passwords.json'), JSON.stringify({ [ADMIN]: secretOf(site, 'airflow') }));
  // Before Airflow could write one of its own, full of keys it makes up.
  writeFileSync(join(home, 'airflow.cfg'), '');
  const settings = {
    core: {
      load_examples: 'False',
      dags_folder: airflowDagsPath(site),
      dags_are_paused_at_creation: 'False',
      executor: 'LocalExecutor',
      // Each is a process of about 100 MB.
      parallelism: '2',
      simple_auth_manager_users: `${ADMIN}:admin`,
      simple_auth_manager_passwords_file: passwords,
      fernet_key: '',
      execution_api_server_url: `${address}/execution/`,
    },
    api: {
      host: '127.0.0.1',
      port: `${site.ports.airflow}`,
      base_url: address,
      workers: '1',
      secret_key: secretOf(site, 'airflow-sessions'),
    },
    api_auth: { jwt_secret: secretOf(site, 'airflow-tokens') },
    database: { sql_alchemy_conn: `sqlite:///${join(home, 'airflow.db')}` },
    // By default new files are looked for every five minutes, and changes every half minute.
    dag_processor: { refresh_interval: '2', bundle_refresh_check_interval: '1', min_file_process_interval: '2', parsing_processes: '1' },
    logging: { base_log_folder: join(home, 'logs') },
    usage_data_collection: { enabled: 'False' },
  };
  const variables = Object.entries(settings).flatMap(([section, options]) =>
    Object.entries(options).map(([option, value]) => [`AIRFLOW__${section}__${option}`.toUpperCase(), value]),
  );
  return { AIRFLOW_HOME: home, ...Object.fromEntries(variables) };
}
