/** Folders and files whose tests need Temporal. They share one server. */
const TEMPORAL = [
  'test/attacks/',
  'test/cli/',
  'test/gateway/intake',
  'test/gateway/permit-desk',
  'test/rehearsal/cases',
  'test/rehearsal/replay',
  'test/replay/',
  'test/safety/every-incident',
  'test/safety/hostile-text',
  'test/safety/incidents',
  'test/safety/secrets',
  'test/worker/count-audit',
  'test/worker/status-sources',
  'test/workflows/',
];

/** Folders and files whose tests bring other real servers up. */
const REAL = [
  'test/clients/kubernetes-cluster',
  'test/clients/kubernetes-jobs',
  'test/clients/pipelines-argo',
  'test/clients/pipelines-training',
  'test/clients/kubernetes-quality',
  'test/clients/kubernetes-scaling',
  'test/clients/kubernetes-sets',
  'test/clients/kubernetes-network',
  'test/clients/kubernetes-nodes',
  'test/clients/kubernetes-context',
  'test/clients/kubernetes-surroundings',
  'test/clients/model-platform',
  'test/clients/model-servers',
  'test/end-to-end/',
  'test/gateway/real-alertmanager',
  'test/sandbox/',
  'test/vendors/',
  'test/deploy/kubernetes',
  'test/deploy/prometheus-',
  'test/watch/real-',
];

/** What a real node must leave on the machine as it was can be told only while no other one is there. */
const REAL_NODE = ['test/sandbox/real-node.test.ts', 'test/end-to-end/real-node.test.ts'];

const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // `npm run mutation` works on copies in there.
  modulePathIgnorePatterns: ['<rootDir>/coverage/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
  },
};

export default {
  // Against hanging only; a busy machine takes its time.
  testTimeout: 240_000,
  projects: [
    {
      ...common,
      displayName: 'quick',
      globals: { mayNeedTemporal: false },
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [...TEMPORAL, ...REAL].map((path) => `<rootDir>/${path}`),
    },
    {
      ...common,
      displayName: 'temporal',
      testMatch: TEMPORAL.map((path) => `<rootDir>/${path}{**/*,*}.test.ts`),
      globalSetup: '<rootDir>/test/temporal/before-all.ts',
      globalTeardown: '<rootDir>/test/temporal/after-all.ts',
    },
    {
      ...common,
      displayName: 'real',
      testMatch: REAL.map((path) => `<rootDir>/${path}{**/*,*}.test.ts`),
      testPathIgnorePatterns: REAL_NODE.map((path) => `<rootDir>/${path}`),
    },
    { ...common, displayName: 'real-node', testMatch: REAL_NODE.map((path) => `<rootDir>/${path}`) },
  ],
};
