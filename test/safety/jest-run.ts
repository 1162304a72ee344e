import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { Results } from './judge.ts';

/** Jest's result file, as far as it is used. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** Projects of jest.config.mjs, and how many files of each run at once: the real ones bring many servers up. */
const PROJECTS = { quick: 2, temporal: 2, real: 1 };

/**
 * Runs the tests of these files whose names match, one project after the other; what jest says of its progress goes to standard error.
 * @throws when jest leaves no result file behind.
 */
export async function runJest(checkout: string, files: readonly string[], pattern: string): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'paramedic-safety-'));
  try {
    const all: Results[] = [];
    for (const [project, atOnce] of Object.entries(PROJECTS)) {
      const report = join(folder, `${project}.json`);
      const choice = ['--selectProjects', project, `--maxWorkers=${atOnce}`, `--testNamePattern=${pattern}`];
      await jest(checkout, [...choice, '--passWithNoTests', '--json', `--outputFile=${report}`, '--runTestsByPath', ...files]);
      all.push(parseReport(checkout, readFileSync(report, 'utf8')));
    }
    return { tests: all.flatMap(({ tests }) => tests), unrunnable: all.flatMap(({ unrunnable }) => unrunnable) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file that failed though each of its tests passed or was skipped failed outside of them, and proves nothing. */
export function parseReport(checkout: string, json: string): Results {
  const files = Report.parse(JSON.parse(json)).testResults.map(({ name, status, assertionResults }) => ({
    file: relative(checkout, name),
    failed: status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    tests: assertionResults,
  }));
  return {
    unrunnable: files.filter(({ failed }) => failed).map(({ file }) => file),
    tests: files
      .filter(({ failed }) => !failed)
      .flatMap(({ file, tests }) => tests.map(({ fullName, status }) => ({ file, name: fullName, status: statusOf(status) }))),
  };
}

function statusOf(status: string): 'passed' | 'failed' | 'skipped' {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

async function jest(checkout: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(checkout, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
    cwd: checkout,
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  });
  await once(child, 'close');
}
