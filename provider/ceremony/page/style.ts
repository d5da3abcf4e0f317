// The page's one stylesheet. Both colour schemes hold WCAG 2.2 AA; sizes are in rem, so that the browser's text size counts.

export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --card: #ffffff; --text: #1a1f26; --quiet: #525c69; --line: #d4dae1; --edge: #7b8794;
  --accent: #0b57d0; --on-accent: #ffffff; --soft: #e7effc;
  --good: #0f5f2a; --good-ground: #e8f6ec; --warn: #6b4300; --warn-ground: #fff5dd; --bad: #9b1020; --bad-ground: #fdeced;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1217; --card: #171c23; --text: #e7eaef; --quiet: #a3adba; --line: #2e3743; --edge: #76828f;
    --accent: #8ab4f8; --on-accent: #08162b; --soft: #1d2a3f;
    --good: #86e0a3; --good-ground: #12271a; --warn: #ffd685; --warn-ground: #2b2412; --bad: #ffb0b0; --bad-ground: #321619;
  }
}
* { box-sizing: border-box; }
html { scroll-padding: 1rem; overflow-y: scroll; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.0625rem; margin: 0 0 .75rem; }
h3 { font-size: 1rem; margin: 1rem 0 .5rem; }
p { margin: 0 0 .75rem; max-width: 68ch; }
code, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9375em; overflow-wrap: anywhere; }
h1:focus, h2:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: .5rem; top: .5rem; z-index: 2; background: var(--card); padding: .5rem 1rem; color: var(--accent); }
.small { font-size: .875rem; color: var(--quiet); max-width: none; }

.top > div { display: flex; flex-wrap: wrap; gap: .25rem 2rem; justify-content: space-between; padding: .75rem 1.5rem; border-bottom: 1px solid var(--line); background: var(--card); }
.top p { margin: 0; }
.words { color: var(--quiet); }
.words strong { color: var(--text); white-space: nowrap; }
.columns { display: grid; grid-template-columns: 17rem minmax(0, 50rem); gap: 2rem; padding: 1.5rem; justify-content: center; align-items: start; }
nav { position: sticky; top: 1.5rem; max-height: calc(100vh - 6.5rem); display: flex; flex-direction: column; }
.count { margin: 0 0 .25rem; font-weight: 600; }
progress { flex: none; width: 100%; height: .5rem; accent-color: var(--accent); margin-bottom: .75rem; }
.queue { position: relative; list-style: none; margin: 0; padding: 4px; overflow-y: auto; }
.queue button { width: 100%; display: flex; gap: .625rem; text-align: left; border: 0; background: none; padding: .375rem .5rem; font-weight: 400; color: var(--text); }
.queue button:hover { background: var(--soft); }
.queue button[aria-current] { background: var(--soft); box-shadow: inset 3px 0 var(--accent); }
.queue .sign { width: 1.25rem; font-weight: 700; text-align: center; flex: none; }
.queue .texts { display: flex; flex-direction: column; min-width: 0; line-height: 1.3; }
.queue .name { overflow-wrap: anywhere; }
.queue button:hover .name { text-decoration: underline; }
.queue .state { font-size: .8125rem; color: var(--quiet); }
[data-phase="done"] .sign { color: var(--good); }
[data-phase="differs"] .sign, [data-phase="barred"] .sign { color: var(--warn); }
[data-phase="blocked"] .sign, [data-phase="discarding"] .sign { color: var(--bad); }

.card { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: 1.125rem 1.25rem; margin: 0 0 1rem; }
.card > :last-child, .card > div:last-child > :last-child { margin-bottom: 0; }
.card.warn { background: var(--warn-ground); border-color: var(--warn); }
.card.bad { background: var(--bad-ground); border-color: var(--bad); }
.card.good { background: var(--good-ground); border-color: var(--good); }
.warn h2 { color: var(--warn); } .bad h2 { color: var(--bad); } .good h2 { color: var(--good); }
.warn .small, .bad .small, .good .small { color: inherit; }
.head { margin-bottom: 1.25rem; }
.head p { margin-bottom: .5rem; }
.screen { max-width: 40rem; margin: 12vh auto 0; padding: 2rem; }

button { font: inherit; font-weight: 600; color: var(--accent); background: var(--card); border: 1px solid var(--edge); border-radius: .5rem; padding: .5rem 1rem; min-height: 2.75rem; cursor: pointer; }
button:hover { background: var(--soft); }
button.main, a.venue { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.main:hover, a.venue:hover { filter: brightness(1.08); }
[aria-busy] button { cursor: progress; }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1rem; }
button.wide { min-width: 20rem; }
button.copy { min-height: 2.25rem; padding: .125rem .75rem; font-size: .875rem; min-width: 5.5rem; flex: none; }
a.venue { display: inline-block; padding: .75rem 1.25rem; border-radius: .5rem; font-weight: 600; font-size: 1.0625rem; text-decoration: none; margin-bottom: .875rem; }
a.venue .small { color: inherit; }
.steps { margin: 0; padding-left: 1.5rem; }
.steps li { margin-bottom: .375rem; padding-left: .25rem; }
.steps li::marker { font-weight: 600; color: var(--quiet); }

.grid { width: 100%; border-collapse: collapse; margin-bottom: .75rem; }
.grid th, .grid td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); font-weight: 400; height: 2.25rem; }
.grid thead th { font-size: .875rem; color: var(--quiet); height: auto; }
.grid tbody th { font-weight: 600; }
.grid .quiet th, .grid .quiet td, .grid .none { color: var(--quiet); font-weight: 400; }
.grid .differs th, .grid .differs td { background: var(--warn-ground); }
.differs th:first-child { box-shadow: inset 3px 0 var(--warn); }
.turn { display: inline-block; vertical-align: middle; margin-left: .5rem; color: var(--warn); }
.switch { display: inline-flex; align-items: center; vertical-align: middle; gap: .5rem; min-width: 4.5rem; color: var(--quiet); }
.switch.on { color: var(--text); font-weight: 700; }
.track { width: 2.25rem; height: 1.25rem; border-radius: 1rem; border: 2px solid var(--edge); position: relative; flex: none; }
.track::after { content: ""; position: absolute; left: 2px; top: 2px; width: .75rem; height: .75rem; border-radius: 50%; background: var(--edge); }
.on .track { background: var(--accent); border-color: var(--accent); }
.on .track::after { left: auto; right: 2px; background: var(--on-accent); }
.quiet .switch.on { color: var(--quiet); font-weight: 400; }
.quiet .on .track { background: var(--edge); border-color: var(--edge); }
.quiet .on .track::after { background: var(--card); }

.lines { list-style: none; margin: 0 0 .75rem; padding: 0; }
.lines li { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; padding: .25rem 0; border-bottom: 1px solid var(--line); min-height: 2.75rem; }
.lines .purpose { color: var(--quiet); flex: 1; }
.lines li.differs { background: var(--warn-ground); box-shadow: inset 3px 0 var(--warn); padding-left: .75rem; }
.lines li.differs .purpose { color: var(--text); }
.tag { min-width: 4.5rem; color: var(--warn); }
.lines .remove + code { text-decoration: line-through; }
.copied { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; }
code.large { font-size: 1.0625rem; padding: .375rem .625rem; background: var(--ground); color: var(--text); border: 1px solid var(--line); border-radius: .375rem; }
.copied + p { margin-top: .75rem; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; margin: 0 0 .75rem; align-items: center; }
.facts dt { color: var(--quiet); } .warn dt, .bad dt { color: inherit; }
.facts dd { margin: 0; }
.facts.inline { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
.facts.inline div { display: flex; gap: .5rem; }
.facts.inline dd { font-weight: 600; }
.facts.inline .small { font-weight: 400; }
.turns { margin: 0 0 .75rem; padding-left: 1.25rem; font-weight: 600; }
.turns li { margin-bottom: .25rem; }
.findings { margin: 0 0 .75rem; padding-left: 1.25rem; max-width: 68ch; }
.findings li { margin-bottom: .5rem; overflow-wrap: anywhere; }
.way-out { display: block; font-weight: 600; }

.field { margin-bottom: .875rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
.line { display: flex; gap: .5rem; align-items: stretch; }
input[type="text"], textarea { flex: 1; width: 100%; min-width: 0; font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: .5rem; padding: .5rem .75rem; min-height: 2.75rem; }
.line input { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.masked { -webkit-text-security: disc; }
.code { letter-spacing: .15em; text-transform: uppercase; }
.line button.copy { min-height: 2.75rem; }
textarea { font-size: .875rem; }
summary { font-weight: 600; color: var(--accent); cursor: pointer; min-height: 1.5rem; }
details[open] > summary { margin-bottom: .75rem; }
.file { font-weight: 400; margin: .5rem 0 0; }
.problem { color: var(--bad); font-weight: 600; min-height: 1.5rem; margin: .5rem 0; }
.warn .problem { color: inherit; }
.activity { position: fixed; right: 1rem; bottom: 1rem; margin: 0; padding: .625rem 1rem; border-radius: .5rem; background: var(--text); color: var(--ground); }
.activity:empty { display: none; }
.missing { position: fixed; left: 0; right: 0; bottom: 0; max-width: none; margin: 0; padding: .875rem 1.5rem; background: var(--bad-ground); color: var(--bad); border-top: 2px solid var(--bad); font-weight: 600; }
.missing[hidden] { display: none; }

@media (max-width: 52rem) {
  .columns { grid-template-columns: minmax(0, 1fr); gap: 1rem; padding: .75rem; }
  nav { position: static; max-height: none; }
  .queue { max-height: 10rem; border: 1px solid var(--line); border-radius: .5rem; }
  .top > div { padding: .75rem; }
  .card { padding: 1rem; }
  .screen { margin: 1rem; }
  .words strong { white-space: normal; }
  .grid td:nth-child(2) { display: none; }
  .grid th:nth-child(2) { display: none; }
  .turn { display: block; margin-left: 0; }
  button.wide { min-width: 100%; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (forced-colors: active) { .on .track { background: Highlight; } .track::after { background: ButtonText; } }
`;
