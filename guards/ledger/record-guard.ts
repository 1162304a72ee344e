import { type Guard, refuse } from '../guard.ts';
import { ACTS_MAX, actsDone } from './ledger.ts';

/** Without a whole record of what was done, every limit counts as reached. */
export const wholeRecord: Guard = ({ ledger }) => {
  if (ledger.lostMs !== null)
    return refuse(
      'record',
      `The permit office's record was lost at ${new Date(ledger.lostMs).toISOString()}, so every limit counts as reached; "paramedic guards reset record" begins anew.`,
      null,
    );
  if (actsDone(ledger).length >= ACTS_MAX)
    return refuse(
      'record',
      `The record holds ${ACTS_MAX} acts of the last days, as many as it may; nothing more is granted until some are forgotten.`,
      null,
    );
  return null;
};
