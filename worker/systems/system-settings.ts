import type { OutsideClient } from '../../clients/outside.ts';
import type { ArgoServer } from '../../clients/pipelines/argo-server.ts';
import type { ModelRegistry } from '../../clients/registries/model-registry.ts';
import type { ServedModelReader } from '../../clients/serving/served-model.ts';
import type { OutsideKind } from '../../incident/target.ts';

/** What a configured system is to Paramedic: a registry of models, targets outside of Kubernetes, or both. */
export interface OpenedSystem {
  readonly registries?: readonly ModelRegistry[];
  readonly argoServer?: ArgoServer;
  readonly outside?: readonly (readonly [OutsideKind, OutsideClient])[];
}

/** Tells of what a hosted server serves what all registries and the record know of it. */
export type OpenServedModel = ServedModelReader;
