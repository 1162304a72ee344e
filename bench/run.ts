/** `npm run bench -- NAME [options]`: what the product can take, measured on the real stack, and what its learning comes to in a simulated year. */
import { burst } from './burst.ts';
import { intake } from './intake.ts';
import { learning } from './learning.ts';
import { permitOffice } from './permit-office.ts';

const BENCHES: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  'permit-office': permitOffice,
  burst,
  intake,
  learning,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`Say which: npm run bench -- ${Object.keys(BENCHES).join(' | ')}\n`);
  process.exitCode = 2;
} else await bench(args);
