import { prometheusMetrics } from '../../clients/prometheus/prometheus.ts';
import { NO_SYSTEMS, type Systems } from '../../clients/systems.ts';
import type { Settings } from '../settings.ts';
import { openAirflow } from './airflow.ts';
import { openArgo } from './argo-workflows.ts';
import { openClearml } from './clearml.ts';
import { openKubeflow } from './kubeflow-pipelines.ts';
import { openMlflow } from './mlflow.ts';
import { openWandb } from './wandb.ts';

/** One for each system that may be configured. */
const SYSTEMS = [openMlflow, openWandb, openClearml, openAirflow, openArgo, openKubeflow] as const;

/** What is configured beside the cluster. */
export function openSystems(settings: Settings): Systems {
  const opened = SYSTEMS.map((open) => open(settings));
  const prometheus = settings.PARAMEDIC_PROMETHEUS_URL;
  return {
    ...NO_SYSTEMS,
    registries: new Map(opened.flatMap(({ registries = [] }) => registries.map((registry) => [registry.name, registry]))),
    metrics: prometheus === undefined ? null : prometheusMetrics(prometheus),
    argoServer: opened.find(({ argoServer }) => argoServer)?.argoServer ?? null,
    outside: new Map(opened.flatMap(({ outside = [] }) => outside)),
  };
}
