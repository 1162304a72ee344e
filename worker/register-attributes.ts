import type { Connection } from '@temporalio/client';
import { incidentAttributes } from '../workflows/search-attributes.ts';

/** Temporal's wire numbers of the types used. */
const INDEXED_VALUE_TYPE = { KEYWORD: 2, KEYWORD_LIST: 7 } as const;

/** Registers the search attributes incidents are listed by. Safe to repeat: what is there stays. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const there = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(incidentAttributes).filter(({ name }) => !(name in (there.customAttributes ?? {})));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, INDEXED_VALUE_TYPE[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}
