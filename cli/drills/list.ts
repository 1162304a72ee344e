import { nameOf } from '../../activities/drill-course.ts';
import { faultsOf } from '../../drills/bounds.ts';
import { readPack } from '../../drills/read-pack.ts';
import { Drill } from '../../drills/schema.ts';
import { readSettings } from '../../worker/settings.ts';
import { printable } from '../printable.ts';
import { tableText } from '../table.ts';

/** What `drill list` takes. */
export interface ListOptions {
  readonly anyCluster?: true;
  readonly json?: true;
}

/** @throws with every fault of every file */
export async function printDrills({ anyCluster, json }: ListOptions): Promise<void> {
  const drills = readPack(Drill, readSettings(process.env).PARAMEDIC_DRILLS)
    .filter(({ nodes }) => !anyCluster || nodes === 'both')
    .map(({ file, ...drill }) => {
      const { name: title, failureType, nodes, expect } = drill;
      return {
        name: nameOf(file),
        title,
        failureType,
        needs: nodes === 'both' ? null : 'simulated nodes',
        expect,
        faults: faultsOf(drill),
      };
    });
  if (json) return void process.stdout.write(`${JSON.stringify({ drills })}\n`);
  const rows = drills.map(({ name, title, needs, expect }) => [name, expect.remedy ?? expect.end, needs ?? '-', title].map(printable));
  process.stdout.write(tableText(['drill', 'takes', 'needs', 'what breaks'], rows));
  for (const { name, faults } of drills) for (const fault of faults) process.stdout.write(printable(`${name} cannot be run: ${fault}\n`));
}
