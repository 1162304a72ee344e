import type { ModelRecords } from '../../clients/model-records.ts';
import { prometheusMetrics } from '../../clients/prometheus/prometheus.ts';
import type { ModelRegistry } from '../../clients/registries/model-registry.ts';
import { servedModelReader } from '../../clients/serving/served-model.ts';
import type { Systems } from '../../clients/systems.ts';
import type { Settings } from '../settings.ts';
import { openAirflow } from './airflow.ts';
import { openArgo } from './argo-workflows.ts';
import { openClearml } from './clearml.ts';
import { openGoogle } from './google.ts';
import { openKubeflow } from './kubeflow-pipelines.ts';
import { openMlflow } from './mlflow.ts';
import { openWandb } from './wandb.ts';

/** One for each system that may be configured. */
const SYSTEMS = [openMlflow, openWandb, openClearml, openAirflow, openArgo, openKubeflow, openGoogle] as const;

/** What is configured beside the cluster. @param records where what was seen serving is kept; null: nowhere */
export function openSystems(settings: Settings, records: ModelRecords | null = null): Systems {
  const registries = new Map<string, ModelRegistry>();
  const servedModel = servedModelReader({ registries, records });
  const opened = SYSTEMS.map((open) => open(settings, servedModel));
  for (const registry of opened.flatMap((one) => one.registries ?? [])) registries.set(registry.name, registry);
  const prometheus = settings.PARAMEDIC_PROMETHEUS_URL;
  return {
    registries,
    records,
    metrics: prometheus === undefined ? null : prometheusMetrics(prometheus),
    argoServer: opened.find(({ argoServer }) => argoServer)?.argoServer ?? null,
    outside: new Map(opened.flatMap(({ outside = [] }) => outside)),
  };
}
