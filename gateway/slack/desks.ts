import type { DecisionDesk } from '../../clients/decision-desk.ts';
import type { PermitDesk } from '../permit-desk.ts';

/** Where what people do in Slack is taken to; null while Temporal has not been reached yet. */
export interface SlackDesks {
  readonly permits: () => PermitDesk | null;
  readonly decisions: () => DecisionDesk | null;
}

export type SlackLog = {
  readonly debug: (fields: object, message: string) => void;
  readonly info: (fields: object, message: string) => void;
  readonly warn: (fields: object, message: string) => void;
};
