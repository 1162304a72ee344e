import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where what was obtained is kept, outside every checkout: PARAMEDIC_CACHE, else a folder in the user's cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform, home = homedir()): string {
  if (environment.PARAMEDIC_CACHE) return resolve(environment.PARAMEDIC_CACHE);
  const users = platform === 'darwin' ? join(home, 'Library', 'Caches') : (environment.XDG_CACHE_HOME ?? join(home, '.cache'));
  return join(users, 'paramedic');
}
