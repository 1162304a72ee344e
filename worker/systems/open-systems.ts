import { prometheusMetrics } from '../../clients/prometheus/prometheus.ts';
import { NO_SYSTEMS, type Systems } from '../../clients/systems.ts';
import type { Settings } from '../settings.ts';
import { openClearml } from './clearml.ts';
import { openMlflow } from './mlflow.ts';
import { openWandb } from './wandb.ts';

/** One for each system that may be configured. */
const SYSTEMS = [openMlflow, openWandb, openClearml] as const;

/** What is configured beside the cluster. */
export function openSystems(settings: Settings): Systems {
  const opened = SYSTEMS.map((open) => open(settings));
  const prometheus = settings.PARAMEDIC_PROMETHEUS_URL;
  return {
    ...NO_SYSTEMS,
    registries: new Map(opened.flatMap(({ registries = [] }) => registries.map((registry) => [registry.name, registry]))),
    metrics: prometheus === undefined ? null : prometheusMetrics(prometheus),
    outside: new Map(opened.flatMap(({ outside = [] }) => outside)),
  };
}
