/** The end of `npm run mutation`: is every mutant that Stryker has just made of the guards killed or explained? */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutationVerdict } from './verdict.ts';

const report = readFileSync(join(import.meta.dirname, '..', '..', 'coverage', 'mutation.json'), 'utf8');
const survivors = readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8');
const { ok, lines } = mutationVerdict(report, survivors);
console.log(lines.join('\n'));
process.exitCode = ok ? 0 : 1;
