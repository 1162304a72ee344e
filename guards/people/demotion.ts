import { type Guard, refuse } from '../guard.ts';
import { covers, demotionName, liftCommand } from '../ledger/demotions.ts';

/** What went wrong when a machine did it alone is a person's to allow, each time, until one vouches for it. */
export const demotion: Guard = ({ request: { runbook, remedy, target, isApproved }, ledger }) => {
  if (isApproved) return null;
  const demoted = ledger.demotions.find((one) => covers(one, { runbook, remedy, namespace: target.namespace }));
  if (!demoted) return null;
  const at = `${new Date(demoted.atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return refuse(
    'demotion',
    `A person must allow ${remedy} here, since ${at}: ${demoted.why}. To let it act alone again: ${liftCommand(demotionName(demoted))}`,
    null,
  );
};
