import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const LOADER = join(import.meta.dirname, 'compose-loader');

/** One service as the Compose Specification names its parts; only those that tests ask about. */
interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly privileged?: boolean;
  readonly healthcheck?: { readonly test: readonly string[]; readonly disable?: boolean };
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly cpus?: unknown; readonly memory?: unknown } } };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly target: number; readonly published: string }[];
  readonly secrets?: readonly { readonly source: string; readonly target?: string }[];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string; readonly read_only?: boolean }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeModel {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>;
}

/** What the loader made of docker-compose.yml, or what it says is wrong. */
export type Loaded = { readonly model: ComposeModel } | { readonly fault: string };

/** Loads a compose file as `docker compose` does, with these settings and no others. */
export function loadCompose(settings: Readonly<Record<string, string>>, file = join(ROOT, 'docker-compose.yml')): Loaded {
  const { PATH, HOME, GOPATH, GOCACHE, GOPROXY, GOFLAGS, GONOSUMDB, GOSUMDB } = process.env;
  const go = { PATH, HOME, GOPATH, GOCACHE, GOPROXY, GOFLAGS, GONOSUMDB, GOSUMDB };
  const env = { ...Object.fromEntries(Object.entries(go).filter(([, value]) => value !== undefined)), ...settings };
  const run = spawnSync('go', ['run', '.', file], { cwd: LOADER, env, encoding: 'utf8' });
  if (run.error) throw new Error('Cannot load the compose file: Go must be on PATH.', { cause: run.error });
  return run.status === 0 ? { model: JSON.parse(run.stdout) } : { fault: run.stderr };
}
