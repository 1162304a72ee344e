import { join } from 'node:path';
import { type Packed, readPack as read } from '../../../drills/read-pack.ts';
import { Scenario } from './schema.ts';

/** A scenario and the file it is in, from the pack's folder. */
export type PackedScenario = Packed<Scenario>;

/** Those of the repository: the drills that are shipped, and what only the sandbox can do. */
export const OUR_SCENARIOS = [join(import.meta.dirname, '..', '..', '..', 'drills', 'pack'), join(import.meta.dirname, '..', 'scenarios')];

/** @throws with every fault of every file, each with its field. */
export function readPack(...folders: readonly string[]): PackedScenario[] {
  return read(Scenario, ...folders);
}
