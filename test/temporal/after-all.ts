export { endShared as default } from './before-all.ts';
