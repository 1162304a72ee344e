import type { Connection } from '@temporalio/client';
import { incidentAttributes } from '../workflows/search-attributes.ts';

const KEYWORD = 2;

/** Registers the search attributes incidents are listed by. Safe to repeat: what is there stays. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const there = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(incidentAttributes).filter(({ name }) => !(name in (there.customAttributes ?? {})));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(({ name }) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}
