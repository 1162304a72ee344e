/** `npm run bench -- NAME [options]`: what the product can take, measured on the real stack. */
import { burst } from './burst.ts';
import { permitOffice } from './permit-office.ts';

const BENCHES: Readonly<Record<string, (args: string[]) => Promise<void>>> = { 'permit-office': permitOffice, burst };

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`Say which: npm run bench -- ${Object.keys(BENCHES).join(' | ')}\n`);
  process.exitCode = 2;
} else await bench(args);
