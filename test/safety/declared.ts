import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { provenBy } from './title.ts';

/** A test as its source declares it, before anything runs. A test of a table is one, with the placeholders in its name. */
export interface DeclaredTest {
  /** Path from the checkout's root. */
  readonly file: string;
  /** Titles of what it stands in, and its own. */
  readonly name: string;
  readonly properties: readonly number[];
}

type Node = Readonly<Record<string, unknown>>;

/** Every test of a checkout. */
export function declaredTests(checkout: string): DeclaredTest[] {
  const files = globSync('test/**/*.test.ts', { cwd: checkout }).sort();
  return files.flatMap((file) => testsIn(file, readFileSync(join(checkout, file), 'utf8')));
}

/** Every test of one file's source. */
export function testsIn(file: string, source: string): DeclaredTest[] {
  const tests: DeclaredTest[] = [];
  visit(parseSync(source, { syntax: 'typescript', target: 'es2024' }), []);
  return tests;

  function visit(value: unknown, outer: readonly string[]): void {
    if (Array.isArray(value)) for (const one of value) visit(one, outer);
    if (!isNode(value)) return;
    const callee = value.type === 'CallExpression' ? nameOf(value.callee) : '';
    const title = titleOf(value);
    if (title !== null && /^(it|test)$/.test(callee)) tests.push({ file, name: [...outer, title].join(' '), properties: provenBy(title) });
    const inner = title !== null && callee.startsWith('describe') ? [...outer, title] : outer;
    for (const child of Object.values(value)) visit(child, inner);
  }
}

/** What is called, whatever stands between: `it` for `it.each(table)(…)`. */
function nameOf(callee: unknown): string {
  if (!isNode(callee)) return '';
  if (callee.type === 'Identifier') return String(callee.value);
  return nameOf(callee.object ?? callee.callee ?? callee.tag);
}

/** The first argument of a call, where it is a plain text. */
function titleOf(call: Node): string | null {
  const [first] = Array.isArray(call.arguments) ? (call.arguments as { readonly expression: Node }[]) : [];
  if (first?.expression.type === 'StringLiteral') return String(first.expression.value);
  if (first?.expression.type !== 'TemplateLiteral') return null;
  const [text, ...others] = first.expression.quasis as { readonly cooked: string }[];
  return others.length === 0 ? (text?.cooked ?? null) : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
