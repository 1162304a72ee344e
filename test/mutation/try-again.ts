/**
 * Tries the mutants that live according to Stryker once more, each written into a copy of the tree, and corrects the report. What a module
 * evaluates once, while it is loaded, Stryker cannot change after that.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applied, reportSchema } from './verdict.ts';

const TOOK_TOO_LONG_MS = 120_000;
const checkout = join(import.meta.dirname, '..', '..');
const coverage = join(checkout, 'coverage');
const copy = join(coverage, 'mutant');
const reportFile = join(coverage, 'mutation.json');
const report = reportSchema.parse(JSON.parse(readFileSync(reportFile, 'utf8')));

rmSync(copy, { recursive: true, force: true });
try {
  for (const part of ['guards', 'incident', 'runbooks', 'test', 'jest.config.mjs', 'package.json', 'tsconfig.json'])
    cpSync(join(checkout, part), join(copy, part), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  if (!passes()) throw new Error('The tests of the guards fail without any mutant.');
  for (const [path, { source, mutants }] of Object.entries(report.files)) {
    for (const mutant of mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage' || status === 'Ignored')) {
      writeFileSync(join(copy, path), applied(source, mutant));
      mutant.status = passes() ? 'Survived' : 'Killed';
      console.log(`${mutant.status}: ${path}:${mutant.location.start.line} ${mutant.replacement.replaceAll(/\s+/g, ' ').slice(0, 80)}`);
    }
    writeFileSync(join(copy, path), source);
  }
  writeFileSync(reportFile, JSON.stringify(report));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function passes(): boolean {
  const jest = ['--experimental-vm-modules', '--no-warnings', join('node_modules', 'jest', 'bin', 'jest.js')];
  const options = ['--config', join('test', 'mutation', 'jest.config.mjs'), '--bail', '--silent', '--runInBand'];
  return spawnSync(process.execPath, [...jest, ...options], { cwd: copy, timeout: TOOK_TOO_LONG_MS, stdio: 'ignore' }).status === 0;
}
