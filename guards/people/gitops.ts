import { type Guard, refuse } from '../guard.ts';

/** What a tool keeps as its repository has it is changed there, unless the runbook says otherwise. */
export const gitops: Guard = ({ request: { surroundings, changesSpec, gitOps } }) => {
  const { object } = surroundings;
  if (!changesSpec || gitOps === 'change' || object.kind !== 'read' || object.value.managedBy === null) return null;
  const { tool, name } = object.value.managedBy;
  return refuse(
    'gitops',
    `${tool} keeps the target as ${name} has it and would take the change back; make it there, or set gitOps: change in the runbook.`,
    null,
  );
};
