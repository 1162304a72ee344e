import { redact } from '../../../incident/redact.ts';

const HANDS_OFF = 'paramedic.dev/hands-off';
const REASON_CHARACTERS_MAX = 300;

/** What an object's opt-out annotation says, which may be nothing at all; null where it has none, or one that says exactly `false`. */
export function handsOff(annotations: Readonly<Record<string, string>> | undefined): string | null {
  const said = annotations?.[HANDS_OFF];
  return said === undefined || said === 'false' ? null : redact(said, REASON_CHARACTERS_MAX);
}
