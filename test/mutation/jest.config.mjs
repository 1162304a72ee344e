import jest from '../../jest.config.mjs';

/** The quick tests of the guards alone, as they are run against every mutant. */
export default {
  ...jest.projects.find(({ displayName }) => displayName === 'quick'),
  rootDir: '../..',
  testTimeout: jest.testTimeout,
  testMatch: ['<rootDir>/test/guards/**/*.test.ts'],
  setupFiles: ['<rootDir>/test/mutation/fixed-seed.ts'],
};
