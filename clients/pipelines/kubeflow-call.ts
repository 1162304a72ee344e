import { z } from 'zod';
import { type Explained, type System, systemCall } from '../http/system-call.ts';
import { tokenOfFile } from '../http/token-file.ts';

/** Where the API server of Kubeflow Pipelines is, and who we are there. */
export interface KubeflowAccess {
  readonly url: string;
  /** How long an answer is waited for; 15 s by default. */
  readonly answerMsMax?: number;
  readonly credentials: /** A ServiceAccount's token for the audience `pipelines.kubeflow.org`, in a file. */
    | { readonly kind: 'tokenFile'; readonly path: string }
    /** A user whom what stands before the server vouches for. */
    | { readonly kind: 'user'; readonly name: string }
    | null;
}

const CREDENTIALS = 'PARAMEDIC_KFP_TOKEN_PATH, whose token must be for the audience pipelines.kubeflow.org, or PARAMEDIC_KFP_USER';

const Words = z.object({ message: z.string().optional(), error: z.string().default(''), code: z.number().optional() });

export type KubeflowCall = ReturnType<typeof kubeflowCall>;

/** The API of Kubeflow Pipelines, version v2beta1. @throws as `systemCall` */
export function kubeflowCall({ url, credentials, answerMsMax }: KubeflowAccess) {
  return systemCall({
    name: 'Kubeflow Pipelines',
    url: `${url.replace(/\/+$/, '')}/apis/v2beta1`,
    authorize: authorizer(credentials),
    credentials: CREDENTIALS,
    explain,
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
}

function authorizer(credentials: KubeflowAccess['credentials']): System['authorize'] {
  if (credentials?.kind === 'tokenFile') return tokenOfFile(credentials.path, 'PARAMEDIC_KFP_TOKEN_PATH');
  const headers: Readonly<Record<string, string>> = credentials === null ? {} : { 'kubeflow-userid': credentials.name };
  return async (refused) => (refused ? null : headers);
}

function explain(text: string): Explained {
  try {
    const { message, error, code } = Words.parse(JSON.parse(text));
    return { code: code === undefined ? '' : `gRPC ${code}`, message: message ?? error };
  } catch {
    return { code: '', message: text.slice(0, 200) };
  }
}
