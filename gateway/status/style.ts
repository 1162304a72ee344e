/** The page's style: light or dark as its reader's system is, and a row a block where the screen is narrow. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --text: #1c2024; --soft: #5a6169; --line: #dfe2e6;
  --link: #0b57b0; --person: #b3261e; --well: #1b6e3c; --going: #3f4a56; --notice: #fdecea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1b1f23; --text: #e6e8ea; --soft: #a2abb4; --line: #333a41;
    --link: #85b7f5; --person: #ff9d94; --well: #7fd6a0; --going: #c3ccd5; --notice: #3a1f1d;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main { max-width: 80rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1.5rem; padding-top: 1rem; }
header p, .at, small, caption { color: var(--soft); }
header p, .at { margin: 0; font-size: 0.9rem; }
h1 { margin: 0; font-size: 1.5rem; }
h1 span { color: var(--soft); font-weight: normal; font-size: 1.1rem; }
h2 { margin: 1.5rem 0 0.5rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 0.25rem; font-size: 1rem; }
h4 { margin: 0.75rem 0 0.25rem; font-size: 0.9rem; color: var(--soft); }
p { margin: 0.5rem 0; }
ul { margin: 0; padding-left: 1.25rem; }
li { overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
small { font-size: 0.85rem; }
code { font: 0.95em ui-monospace, monospace; }
b { font-weight: 600; color: var(--going); }
.person { color: var(--person); }
.well { color: var(--well); }
.summary { margin: 0.75rem 0 0; font-size: 1.2rem; }
.notice { margin: 1rem 0; padding: 0.25rem 1rem 0.5rem; border-left: 4px solid var(--person); background: var(--notice); }
.notice h2 { margin-top: 0.5rem; }
table { width: 100%; margin: 0 0 1.25rem; border: 1px solid var(--line); border-collapse: collapse; background: var(--card); font-size: 0.95rem; }
caption { padding: 0.25rem 0; text-align: left; font-size: 0.9rem; }
th, td { padding: 0.4rem 0.75rem; border-top: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { font-size: 0.85rem; color: var(--soft); }
tbody th { min-width: 15rem; font-weight: 600; overflow-wrap: anywhere; }
td { min-width: 7rem; }
td small { display: block; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
time { white-space: nowrap; }
@media (max-width: 64rem) {
  table, caption, tbody, tr, tbody th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table { border: 0; background: none; }
  tr { margin-bottom: 0.75rem; border: 1px solid var(--line); background: var(--card); }
  th, td { border: 0; padding: 0.2rem 0.75rem; }
  tbody th { padding-top: 0.5rem; }
  tbody th, td { min-width: 0; }
  td { display: grid; grid-template-columns: 6rem 1fr; }
  td::before { content: attr(data-column); color: var(--soft); }
  td > * { grid-column: 2; }
  .number { text-align: left; }
}
`;
