/** How the HTML file of a report looks: light, dark and on paper, with nothing from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --back: #fff; --line: #c9d1d9; --soft: #f3f5f7; --link: #0b57a4; --well: #2f8f4e; --byItself: #5b8fb9; --contained: #2a9d9d; --watched: #9aa4ae; --person: #d9822b; --ended: #8a63b8; --broken: #c23b3b; --plain: #3d74b0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --back: #14181d; --line: #3a434d; --soft: #1d232a; --link: #8ac0ff; --well: #4fb870; --byItself: #7fb2dd; --contained: #4cc3c3; --watched: #7b8690; --person: #f0a04b; --ended: #b08fe0; --broken: #ef6a6a; --plain: #6aa3e0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin-bottom: .25rem; font-size: 1.05rem; }
.paragraph { margin: 1rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem; white-space: nowrap; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { background: var(--soft); }
tbody th { font-weight: 400; }
details { display: inline-block; vertical-align: top; }
summary { cursor: pointer; }
figure { margin: 1rem 0; }
figcaption { font-weight: 600; }
svg { display: block; width: 100%; height: auto; max-width: 60rem; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg a:hover rect, svg a:focus-visible rect { stroke: var(--text); stroke-width: 1.5; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .25rem 0; padding: 0; }
.legend svg { display: inline-block; width: .8em; height: .8em; margin-right: .35em; }
.well { fill: var(--well); }
.byItself { fill: var(--byItself); }
.contained { fill: var(--contained); }
.watched { fill: var(--watched); }
.person { fill: var(--person); }
.ended { fill: var(--ended); }
.broken { fill: var(--broken); }
.plain { fill: var(--plain); }
:target { background: var(--soft); }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: .85rem; } figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } nav { display: none; } .wide { overflow: visible; } details::details-content { content-visibility: visible; display: block; } }`;
