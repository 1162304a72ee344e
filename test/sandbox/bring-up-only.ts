import { PART_NAMES, type PartName } from '../../sandbox/parts/part.ts';
import { bringUp, type Sandbox } from '../../sandbox/sandbox.ts';

/** A sandbox of exactly these parts. */
export function bringUpOnly(parts: readonly PartName[], dataDir: string): Promise<Sandbox> {
  return bringUp({
    dataDir,
    include: parts,
    without: PART_NAMES.filter((name) => !parts.includes(name)),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
}
