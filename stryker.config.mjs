/** Breaks the guards on purpose, one small change at a time, to see whether their tests notice: `npm run mutation`. */
export default {
  mutate: ['guards/**/*.ts'],
  testRunner: 'jest',
  jest: { configFile: 'test/mutation/jest.config.mjs' },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  coverageAnalysis: 'perTest',
  // What runs while a test file is loaded counts as static as well, and each such mutant would run all tests.
  ignoreStatic: true,
  concurrency: 2,
  // Node never frees the modules of a finished run (5 MB a mutant).
  maxTestRunnerReuse: 100,
  // A timeout counts as killed, so a busy machine must not run into one. Endless loops are ended by a count of passes.
  timeoutMS: 30_000,
  // Stryker would rewrite tsconfig.json with the compiler's old API, which TypeScript 7 has not; nothing there needs types.
  ignorePatterns: ['/tsconfig.json', '/coverage', '/docs', '/secrets', '.env'],
  disableTypeChecks: false,
  tempDirName: 'coverage/mutants',
  cleanTempDir: 'always',
  reporters: ['clear-text', 'json'],
  allowConsoleColors: false,
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  thresholds: { high: 100, low: 95, break: 90 },
};
