import { z } from 'zod';

const position = z.object({ line: z.number(), column: z.number() });

/** What is read of Stryker's JSON report; the rest is kept. */
export const reportSchema = z.looseObject({
  thresholds: z.object({ break: z.number() }),
  files: z.record(
    z.string(),
    z.looseObject({
      source: z.string(),
      mutants: z.array(
        z.looseObject({
          status: z.enum(['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'RuntimeError', 'CompileError']),
          replacement: z.string(),
          location: z.object({ start: position, end: position }),
        }),
      ),
    }),
  ),
});

/** A change to a guard that no test can notice, and why: it is named by the code itself, since line numbers move. */
const explanation = z.strictObject({ file: z.string(), code: z.string(), becomes: z.string(), why: z.string().min(1) });

type Explanation = z.infer<typeof explanation>;
type SourceFile = z.infer<typeof reportSchema>['files'][string];
type Mutant = Omit<Explanation, 'why'> & { readonly line: number; readonly status: SourceFile['mutants'][number]['status'] };

/** Whether the guards' tests are good enough, and the lines that say so to a person. */
export interface MutationVerdict {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/**
 * Judges Stryker's JSON report: `thresholds.break` percent of the mutants must be killed, and each of the others be among the
 * explained survivors. An explanation never counts as a kill, and one whose mutant is killed or gone is refused.
 *
 * @throws ZodError when either text is not what it should be.
 */
export function mutationVerdict(reportText: string, survivorsText: string): MutationVerdict {
  const { thresholds, files } = reportSchema.parse(JSON.parse(reportText));
  const stale = z.array(explanation).parse(JSON.parse(survivorsText));
  const mutants = Object.entries(files).flatMap(([path, file]) => mutantsOf(path, file));
  const killed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  const alive = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage' || status === 'Ignored');
  const unexplained = alive.filter((mutant) => !takeExplanation(stale, mutant));
  const percent = (100 * killed.length) / (killed.length + alive.length);
  return {
    ok: percent >= thresholds.break && unexplained.length === 0 && stale.length === 0,
    lines: [
      ...unexplained.map((mutant) => `${mutant.file}:${mutant.line} no test notices, and nobody explains: ${change(mutant)}`),
      ...stale.map((entry) => `${entry.file} is explained to survive, but is killed or gone: ${change(entry)}`),
      `${killed.length} of ${killed.length + alive.length} mutants killed (${percent.toFixed(1)} %, ${thresholds.break} % needed), ` +
        `${alive.length - unexplained.length} explained, ${unexplained.length} unexplained`,
    ],
  };
}

function mutantsOf(path: string, { source, mutants }: SourceFile): Mutant[] {
  return mutants.map(({ status, replacement, location: { start, end } }) => {
    const lines = source.split('\n').slice(start.line - 1, end.line);
    lines.push(lines.pop()!.slice(0, end.column - 1));
    const code = lines.join('\n').slice(start.column - 1);
    return { file: path, line: start.line, code: onOneLine(code), becomes: onOneLine(replacement), status };
  });
}

/** The source with this one change made. */
export function applied(source: string, { replacement, location: { start, end } }: SourceFile['mutants'][number]): string {
  const lines = source.split('\n');
  const before = [...lines.slice(0, start.line - 1), lines[start.line - 1]?.slice(0, start.column - 1)].join('\n');
  const after = [lines[end.line - 1]?.slice(end.column - 1), ...lines.slice(end.line)].join('\n');
  return before + replacement + after;
}

function onOneLine(code: string): string {
  return code.replaceAll(/\s+/g, ' ');
}

/** Takes the one explanation of this mutant off the list; a mutant that never ran (`Ignored`) has none. */
function takeExplanation(explanations: Explanation[], { file, code, becomes, status }: Mutant): boolean {
  const found = explanations.findIndex((entry) => entry.file === file && entry.code === code && entry.becomes === becomes);
  if (status === 'Ignored' || found === -1) return false;
  explanations.splice(found, 1);
  return true;
}

function change({ code, becomes }: { code: string; becomes: string }): string {
  return `${code} → ${becomes}`;
}
