/** By what a target counts as well: its pods alone, or also that there can be enough of them for its load, or the paths to it and from it. */
export type Measure = 'pods' | 'load' | 'paths';
