import { parseArgs } from 'node:util';
import { type Stage, setTheStage } from '../test/workflows/incident-run.ts';
import { openHouse } from '../test/workflows/permit-office/house.ts';
import { openDesk } from '../test/workflows/permit-office/open-office.ts';
import { asTable, type Measured } from './table.ts';

/**
 * How much one permit office can take. Real Temporal, and the office and the way to it as they are in the product; so many incidents ask at
 * once, each again as soon as it is answered. Of each row, how many ask at once, and how many questions are measured.
 */
const ROWS = [
  { asking: 1, questions: 200 },
  { asking: 10, questions: 1_000 },
  { asking: 100, questions: 5_000 },
  { asking: 1_000, questions: 10_000 },
  { asking: 10_000, questions: 10_000 },
];
const FEW = { rates: { cluster: { max: 20, perSeconds: 3_600 } } };
/** Lets everything through, so that the record grows to as many acts as a busy week has. */
const PLENTY = {};
const GROWN = { asking: 100, questions: 900 };

/** `npm run bench -- permit-office [--json]` */
export async function permitOffice(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } });
  const stage = await setTheStage();
  const rows: Measured[] = [];
  try {
    for (const row of ROWS) rows.push(await measure(stage, row, 20));
    rows.push(await measure(stage, GROWN, GROWN.questions));
  } finally {
    await stage.leave();
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : asTable(rows));
}

/** @param acts in the record at the end */
async function measure(on: Stage, { asking, questions }: (typeof ROWS)[number], acts: number): Promise<Measured> {
  const house = await openHouse(on);
  try {
    const desk = openDesk(on, house.cluster, acts === 20 ? FEW : PLENTY);
    await desk.open();
    await desk.ask('first');
    const waitedMs: number[] = [];
    let left = questions;
    const beganMs = performance.now();
    const askOn = async () => {
      while (left-- > 0) {
        const askedMs = performance.now();
        await desk.ask(`asked-${left}`);
        waitedMs.push(performance.now() - askedMs);
      }
    };
    await Promise.all(Array.from({ length: asking }, askOn));
    const seconds = (performance.now() - beganMs) / 1000;
    waitedMs.sort((a, b) => a - b);
    const at = (share: number) => Math.round(waitedMs[Math.floor((waitedMs.length - 1) * share)] ?? 0);
    return { asking, acts, answersPerSecond: Math.round(waitedMs.length / seconds), p50Ms: at(0.5), p99Ms: at(0.99) };
  } finally {
    await house.leave();
  }
}
