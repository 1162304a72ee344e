import { Command } from 'commander';
import { packageVersion } from '../worker/code-version.ts';
import { addAdvise } from './advise/advise.ts';
import { addAudit } from './audit/audit.ts';
import { addDecisions } from './decisions/decisions.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor/doctor.ts';
import { addDrills } from './drills/drills.ts';
import { USAGE_EXIT_CODE } from './exit-codes.ts';
import { addExperience } from './experience/experience.ts';
import { addGateway } from './gateway.ts';
import { addFreeze, addThaw } from './guards/freeze.ts';
import { addGuards } from './guards/guards.ts';
import { addIncidents } from './incidents/incidents.ts';
import { addLint } from './lint.ts';
import { addModels } from './models/models.ts';
import { addReplay } from './rehearsal/replay.ts';
import { addTest } from './rehearsal/test.ts';
import { addReport } from './report/report.ts';
import { addSandbox } from './sandbox/sandbox.ts';
import { addSchema } from './schema.ts';
import { addSimulate } from './simulate/simulate.ts';
import { addUp } from './up/up.ts';
import { addWatch } from './watch.ts';
import { addWorker } from './worker.ts';

/** The whole command line. */
export function paramedicProgram(): Command {
  const program = new Command('paramedic')
    .description('Heals machine-learning platforms, and says why.')
    .version(packageVersion(), '-V, --version')
    // What stands after a command is that one's, so that a command with subcommands can have options of its own.
    .enablePositionalOptions()
    .showHelpAfterError('(see "paramedic --help")')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_EXIT_CODE));
  for (const add of [
    ...[addUp, addDemo, addSandbox, addWorker, addGateway, addWatch, addIncidents, addDecisions, addFreeze, addThaw, addGuards],
    ...[addModels, addExperience, addAdvise, addDrills, addAudit, addReport, addDoctor],
    ...[addLint, addSchema, addSimulate, addTest, addReplay],
  ])
    add(program);
  return program;
}
