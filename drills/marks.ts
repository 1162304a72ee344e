/** The label of a namespace by which somebody lets drills be run there. */
export const LEAVE_LABEL = 'paramedic.dev/drills';
export const LEAVE = 'allowed';

/** The label of every object that a drill makes: the id of the drill. Nothing without it is ever changed or deleted by one. */
export const DRILL_LABEL = 'paramedic.dev/drill';

/** By this name the API server keeps what a drill wrote, apart from what Paramedic writes as it heals. */
export const DRILL_FIELD_MANAGER = 'paramedic-drill';
