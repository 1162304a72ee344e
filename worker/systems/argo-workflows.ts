import { tokenOfFile } from '../../clients/http/token-file.ts';
import { text, webAddress } from '../setting-kinds.ts';
import type { Settings } from '../settings.ts';
import type { OpenedSystem } from './system-settings.ts';

export const ARGO_SETTINGS = {
  PARAMEDIC_ARGO_URL: webAddress.optional(),
  PARAMEDIC_ARGO_TOKEN_PATH: text.optional(),
};

/** What is set and cannot be so together, a fault each. */
export function argoFaults({ PARAMEDIC_ARGO_URL: url, PARAMEDIC_ARGO_TOKEN_PATH: path }: Settings): readonly string[] {
  return path !== undefined && url === undefined ? ['PARAMEDIC_ARGO_TOKEN_PATH: needs PARAMEDIC_ARGO_URL as well'] : [];
}

/** Workflows are objects of the cluster; only to have one go on takes argo-server. */
export function openArgo({ PARAMEDIC_ARGO_URL: url, PARAMEDIC_ARGO_TOKEN_PATH: path }: Settings): OpenedSystem {
  if (url === undefined) return {};
  const authorize = path === undefined ? async (refused: boolean) => (refused ? null : {}) : tokenOfFile(path, 'PARAMEDIC_ARGO_TOKEN_PATH');
  return { argoServer: { url, authorize, credentials: 'PARAMEDIC_ARGO_TOKEN_PATH' } };
}
