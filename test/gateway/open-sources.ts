import { alertmanager } from '../../gateway/sources/alertmanager.ts';
import { openGroupReader } from '../../gateway/sources/large-groups.ts';
import { bearer } from '../../gateway/sources/locks/bearer.ts';
import { OPEN } from '../../gateway/sources/locks/lock.ts';

/** Alertmanager alone, which must show one of the secrets; null: which need show nothing. */
export function alertmanagerAlone(secrets: readonly string[] | null = null) {
  return { alertmanager: alertmanager(secrets === null ? OPEN : bearer(secrets, 'PARAMEDIC_GATEWAY_SECRET'), openGroupReader()) };
}
