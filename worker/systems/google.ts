import { z } from 'zod';
import { applicationDefault, type GoogleAccess } from '../../clients/google/google-call.ts';
import { vertexPipelines } from '../../clients/pipelines/vertex-pipelines.ts';
import { vertexRegistry } from '../../clients/registries/vertex.ts';
import { cloudDeploy } from '../../clients/serving/cloud-deploy.ts';
import { vertexEndpoints } from '../../clients/serving/vertex-endpoints.ts';
import { webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem, OpenServedModel } from './system-settings.ts';

export const GOOGLE_SETTINGS = {
  PARAMEDIC_GOOGLE_PROJECT: z
    .string()
    .regex(/^[a-z][a-z0-9:.-]{4,62}$/, 'must be the id of a Google Cloud project, such as ml-prod')
    .optional(),
  PARAMEDIC_GOOGLE_LOCATION: z
    .string()
    .regex(/^[a-z]+(-[a-z]+\d+)?$/, 'must be a location of Google Cloud, such as europe-west4')
    .optional(),
  /** Where Vertex AI is reached by another way than its public address. */
  PARAMEDIC_VERTEX_URL: webAddress.optional(),
  PARAMEDIC_CLOUD_DEPLOY_URL: webAddress.default('https://clouddeploy.googleapis.com'),
};

/** What is set and cannot be so together, a fault each. */
export function googleFaults({ PARAMEDIC_GOOGLE_PROJECT: project, PARAMEDIC_GOOGLE_LOCATION: location }: Settings): readonly string[] {
  if (project !== undefined && location === undefined) return ['PARAMEDIC_GOOGLE_PROJECT: needs PARAMEDIC_GOOGLE_LOCATION as well'];
  return location !== undefined && project === undefined ? ['PARAMEDIC_GOOGLE_LOCATION: needs PARAMEDIC_GOOGLE_PROJECT as well'] : [];
}

export function openGoogle(settings: Settings, servedModel: OpenServedModel): OpenedSystem {
  const { PARAMEDIC_GOOGLE_PROJECT: project, PARAMEDIC_GOOGLE_LOCATION: location } = settings;
  if (project === undefined || location === undefined) return {};
  const authorize = applicationDefault(project);
  const vertex: GoogleAccess = {
    project,
    location,
    authorize,
    url: settings.PARAMEDIC_VERTEX_URL ?? `https://${location}-aiplatform.googleapis.com`,
  };
  const deploy: GoogleAccess = { project, location, authorize, url: settings.PARAMEDIC_CLOUD_DEPLOY_URL };
  return {
    registries: [vertexRegistry(vertex)],
    outside: [
      ['VertexEndpoint', vertexEndpoints(vertex, servedModel)],
      ['DeliveryPipeline', cloudDeploy(deploy, servedModel)],
      ['VertexPipelineJob', vertexPipelines(vertex)],
    ],
  };
}
