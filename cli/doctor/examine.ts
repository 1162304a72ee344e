import { type ParsedSettings, parseSettings, readSettings, type Settings } from '../../worker/settings.ts';
import { readEmbeddedTemporal } from '../state-folder.ts';
import { type Finding, runChecks } from './check.ts';
import { kubernetesChecks } from './kubernetes-checks.ts';
import { ownChecks } from './own-checks.ts';
import { registryChecks } from './registry-checks.ts';
import { temporalChecks } from './temporal-checks.ts';

/** Runs every check, whatever the others find. */
export function examine(environment: NodeJS.ProcessEnv, stateFolder: string): Promise<Finding[]> {
  const parsed = parseSettings(environment);
  const embedded = environment.TEMPORAL_ADDRESS ? null : readEmbeddedTemporal(stateFolder);
  const settings = { ...usable(parsed, environment), ...(embedded ? { TEMPORAL_ADDRESS: embedded.address } : {}) };
  return runChecks([
    ...ownChecks(parsed, settings, environment, process.versions.node),
    ...temporalChecks(settings, environment.TEMPORAL_ADDRESS !== undefined),
    ...kubernetesChecks(environment),
    ...registryChecks(settings),
  ]);
}

/** The settings with what is faulty left at its default, so that all else can be checked all the same. */
function usable({ settings, faults }: ParsedSettings, environment: NodeJS.ProcessEnv): Settings {
  if (settings) return settings;
  const faulty = new Set(faults.map((fault) => fault.split(':')[0]!.replace(/_FILE$/, '')));
  const kept = Object.entries(environment).filter(([name]) => !faulty.has(name.replace(/_FILE$/, '')));
  return parseSettings(Object.fromEntries(kept)).settings ?? readSettings({});
}

export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ result }) => result !== 'fail');
}

/** One line per check, and the sum. */
export function doctorText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, result, what, fix }) => {
    return `${result.padEnd(4)}  ${check.padEnd(width)}  ${what.replaceAll('\n', ' ')}${fix === null ? '' : `  Fix: ${fix}`}`;
  });
  const failed = findings.filter(({ result }) => result === 'fail').length;
  const warned = findings.filter(({ result }) => result === 'warn').length;
  return `${lines.join('\n')}\n\n${failed} failed, ${warned} warned, ${findings.length - failed - warned} ok.\n`;
}
