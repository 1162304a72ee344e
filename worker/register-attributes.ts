import type { Connection } from '@temporalio/client';
import { incidentAttributes } from '../workflows/search-attributes.ts';

/** Temporal's wire numbers of the types used. */
const INDEXED_VALUE_TYPE = { KEYWORD: 2, BOOL: 5, KEYWORD_LIST: 7 } as const;
/** Names of the types as the command-line tool of Temporal takes them. */
const TYPE_NAME = { KEYWORD: 'Keyword', BOOL: 'Bool', KEYWORD_LIST: 'KeywordList' } as const;

type Attribute = (typeof incidentAttributes)[keyof typeof incidentAttributes];

/** The search attributes incidents are listed by that the namespace does not have. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<Attribute[]> {
  const there = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(incidentAttributes).filter(({ name }) => !(name in (there.customAttributes ?? {})));
}

/**
 * Registers the search attributes incidents are listed by. Safe to repeat: what is there stays.
 * @throws one sentence with the command to run, where this user may not register them.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, INDEXED_VALUE_TYPE[type]]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    throw new Error(
      `Cannot register search attributes in the namespace "${namespace}": ${(error as Error).message}. ${howToRegister(missing, namespace)}`,
      { cause: error },
    );
  }
}

/** The command by which somebody who may do it registers what is missing. */
export function howToRegister(missing: readonly Attribute[], namespace: string): string {
  const pairs = missing.map(({ name, type }) => `--name ${name} --type ${TYPE_NAME[type]}`).join(' ');
  return `Let an administrator run "temporal operator search-attribute create --namespace ${namespace} ${pairs}".`;
}
