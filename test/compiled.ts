import { join } from 'node:path';

/** For processes of ours that tests start: what Node has compiled for one of them is there for the next, which is up in two thirds of the time. */
export const COMPILED = { NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'compiled') };
