/** By what a target counts as well: its pods alone, or also whether there can be enough of them for its load. */
export type Measure = 'pods' | 'load';
