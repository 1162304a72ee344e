/**
 * By what a target counts as well: its pods alone, or also that there can be enough of them for its load, that the paths to it and from it
 * are there, or that none of them is about to be killed by a leak.
 */
export type Measure = 'pods' | 'load' | 'paths' | 'memory';
