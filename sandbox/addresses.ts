import { airflowDagsPath } from './airflow/settings.ts';
import { adminKubeconfigPath } from './kubeconfig.ts';
import { paramedicKubeconfigPath } from './paramedic-access.ts';
import { secretFile } from './secrets.ts';
import { auditLogPath, gatewaySecretFile, loopback, type Site } from './site.ts';

/** Where everything of a sandbox is. */
export interface Addresses {
  readonly dataDir: string;
  /** host:port */
  readonly temporalAddress: string;
  readonly temporalUiUrl: string;
  /** May do everything. */
  readonly kubeconfigPath: string;
  /** May do what Paramedic's ServiceAccount may; a day at most, then the API server must be restarted for a new one. */
  readonly paramedicKubeconfigPath: string;
  /** The API server's audit log, the judge of what was really done. */
  readonly auditLogPath: string;
  readonly mlflowUrl: string;
  /** The registry that asks for a name and a password; those of `admin`, who may do everything, are in the file. Runs where asked for. */
  readonly mlflowAuthUrl: string;
  readonly mlflowAuthPasswordFile: string;
  /** Airflow's address, its administrator's (`admin`) password, and the folder of its DAGs. It runs where asked for. */
  readonly airflowUrl: string;
  readonly airflowPasswordFile: string;
  readonly airflowDagsPath: string;
  /** Argo's server, to which a ServiceAccount's token tells who asks. It runs where asked for. */
  readonly argoServerUrl: string;
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Where Alertmanager sends to, showing the secret; Paramedic's gateway is to listen there. */
  readonly gatewayPort: number;
  readonly gatewaySecret: string;
  /** Holds that secret. */
  readonly gatewaySecretFile: string;
}

export function addressesOf(site: Site): Addresses {
  const { dataDir, ports, gatewaySecret } = site;
  return {
    dataDir,
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    temporalUiUrl: loopback(ports['temporal-ui']),
    kubeconfigPath: adminKubeconfigPath(site),
    paramedicKubeconfigPath: paramedicKubeconfigPath(site),
    auditLogPath: auditLogPath(site),
    mlflowUrl: loopback(ports.mlflow),
    mlflowAuthUrl: loopback(ports['mlflow-auth']),
    mlflowAuthPasswordFile: secretFile(site, 'mlflow-auth'),
    airflowUrl: loopback(ports.airflow),
    airflowPasswordFile: secretFile(site, 'airflow'),
    airflowDagsPath: airflowDagsPath(site),
    argoServerUrl: loopback(ports['argo-server']),
    prometheusUrl: loopback(ports.prometheus),
    alertmanagerUrl: loopback(ports.alertmanager),
    gatewayPort: ports.gateway,
    gatewaySecret,
    gatewaySecretFile: gatewaySecretFile(site),
  };
}
