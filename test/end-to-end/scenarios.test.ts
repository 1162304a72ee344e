import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { house, playAll } from './pack/play-all.ts';
import { PACK_LIMITS, quickRunbooks } from './pack/quick-runbooks.ts';
import { OUR_SCENARIOS, readPack } from './pack/read-pack.ts';
import { reportOf } from './pack/table.ts';
import { type Stage, setTheStage } from './stage.ts';

/** One that is healed, one that is handed over, one of a model, and one in which acting is failure. */
const FILES = [
  'podCrash/release-wants-missing-config-key.yaml',
  'podCrash/first-image-missing.yaml',
  'modelServingFailure/version-artifact-missing.yaml',
  'nothing-to-do/release-undone-by-a-person.yaml',
];

const housed = house(readPack(...OUR_SCENARIOS).filter(({ file }) => FILES.includes(file)));
let stage: Stage;

beforeAll(async () => {
  stage = await setTheStage({ limits: PACK_LIMITS, files: quickRunbooks(housed) });
}, 3_600_000);

afterAll(() => stage?.leave(), 60_000);

it('a handful of the scenarios has the right cause and the right end, by the state of the cluster and the record of the API server', async () => {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const { rows, strayWrites } = await playAll(stage, housed, { baseline: false, atOnce: FILES.length, progress });
  const { scenarios, right, wrongActions } = reportOf(rows, strayWrites);
  expect(scenarios.flatMap(({ file, why }) => why.map((reason) => `${file}: ${reason}`))).toEqual([]);
  expect({ right, wrongActions }).toEqual({ right: FILES.length, wrongActions: 0 });
});
