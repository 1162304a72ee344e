/** Imports flow one way; a rule names what a folder may reach, and everything else of ours is forbidden. */
const reach = {
  incident: [],
  guards: ['incident'],
  diagnosis: ['incident'],
  runbooks: ['incident', 'guards'],
  remedies: ['incident', 'runbooks', 'diagnosis'],
  clients: ['incident'],
  // What is made of many incidents for people to read; nothing in it reads or writes anything.
  reporting: ['incident'],
  // Faults that are injected on purpose, with what is to become of them.
  drills: ['incident', 'clients'],
  activities: ['incident', 'runbooks', 'clients', 'diagnosis', 'remedies', 'reporting', 'drills'],
  workflows: ['incident', 'guards', 'runbooks', 'activities', 'drills'],
  gateway: ['incident', 'guards', 'runbooks', 'workflows', 'clients'],
  // A source of alerts, which brings them to the gateway's intake itself instead of by HTTP.
  watch: ['incident', 'clients', 'gateway'],
  // Large bodies are brought to their incidents by the worker, as the gateway does it with small ones.
  worker: ['incident', 'guards', 'runbooks', 'clients', 'activities', 'workflows', 'gateway', 'watch', 'reporting', 'drills'],
  // Incidents played with no cluster: the real workflows and activities over a script.
  rehearsal: ['incident', 'guards', 'runbooks', 'clients', 'activities', 'workflows', 'gateway', 'worker'],
  sandbox: [],
  demo: ['incident', 'workflows', 'sandbox'],
};
const ours = [...Object.keys(reach), 'cli', 'test'];

module.exports = {
  forbidden: [
    ...Object.entries(reach).map(([folder, reached]) => ({
      name: `${folder}-reaches-only-${reached.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: { path: `^(${ours.filter((one) => one !== folder && !reached.includes(one)).join('|')})/` },
    })),
    {
      name: 'workflows-know-activities-by-type-only',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(activities|runbooks|drills)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-core-modules-where-all-is-pure',
      severity: 'error',
      from: { path: '^(incident|guards|diagnosis|remedies|workflows|reporting)/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, parser: 'swc' },
};
