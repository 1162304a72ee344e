import jest from '../../jest.config.mjs';

/** The quick tests of the guards alone, as they are run against every mutant. */
export default {
  ...jest.projects.find(({ displayName }) => displayName === 'quick'),
  rootDir: '../..',
  testTimeout: jest.testTimeout,
  testMatch: ['<rootDir>/test/guards/**/*.test.ts'],
  // Whole stories reach nearly every line, so that each mutant would run all of them; each guard has tests of its own.
  testPathIgnorePatterns: ['office-properties', 'failing-remedy', 'record-size'],
  setupFiles: ['<rootDir>/test/mutation/fixed-seed.ts'],
};
