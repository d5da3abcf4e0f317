// Looks of a console's pages: one sheet and one icon, both our own. As text in a module, so that the compiled package
// has them.

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --ink: #1b2330; --quiet: #566072; --line: #d8dde6; --strong: #7b8597;
  --accent: #0b5cad; --on-accent: #ffffff; --tint: #e8f1fb;
  --warn: #7a4300; --warn-ground: #fff0d6; --warn-line: #e0a64a;
  --bad: #a3161f; --bad-ground: #fdecec; --good: #12613a; --good-ground: #e5f5ec;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --card: #1a2029; --ink: #e6eaf0; --quiet: #a3adbd; --line: #313a48; --strong: #7d8899;
    --accent: #7db8f5; --on-accent: #0b1724; --tint: #1d2c3d;
    --warn: #ffd591; --warn-ground: #33260c; --warn-line: #7d5c1c;
    --bad: #ff9c9c; --bad-ground: #391a1d; --good: #86dfae; --good-ground: #12301f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); min-height: 100vh; display: flex; flex-direction: column; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 0.5rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--card); z-index: 2; }
html { scroll-padding-top: 5rem; }
.banner p { margin: 0; }
.banner { position: sticky; top: 0; z-index: 1;  padding: 0.5rem 1rem; text-align: center; color: var(--warn); background: var(--warn-ground); border-bottom: 1px solid var(--warn-line); }
.bar, main, footer { width: 100%; max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
.bar { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; justify-content: space-between; padding-top: 0.75rem; padding-bottom: 0.75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.35rem 0.8rem; border-radius: 0.5rem; text-decoration: none; color: var(--ink); }
nav a:hover { background: var(--tint); }
nav a[aria-current] { background: var(--tint); color: var(--accent); font-weight: 600; }
.who { display: flex; gap: 0.75rem; align-items: center; margin: 0; color: var(--quiet); }
main { flex: 1; padding-top: 1rem; padding-bottom: 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0 1rem; }
h2 { font-size: 1.15rem; margin: 0 0 0.5rem; overflow-wrap: anywhere; }
footer { padding-top: 1rem; padding-bottom: 1.5rem; color: var(--quiet); font-size: 0.9rem; border-top: 1px solid var(--line); }
.tabs { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; }
.tabs a { border-radius: 0; padding: 0.5rem 1rem; border-bottom: 3px solid transparent; }
.tabs a[aria-current] { background: none; border-bottom-color: var(--accent); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1.25rem; margin: 0 0 1.25rem; }
.card > :first-child { margin-top: 0; }
.narrow { max-width: 28rem; }
.card > form { border-top: 1px solid var(--line); padding-top: 1.25rem; }
.quiet, .hint { color: var(--quiet); margin: 0.25rem 0; }
.hint { font-size: 0.9rem; }
.empty { color: var(--quiet); padding: 2rem 0; text-align: center; }
.problem, .done, .note { padding: 0.75rem 1rem; border-radius: 0.5rem; margin: 0 0 1.25rem; border-left: 4px solid currentColor; }
.problem { color: var(--bad); background: var(--bad-ground); }
.done { color: var(--good); background: var(--good-ground); }
.note { color: var(--warn); background: var(--warn-ground); }
.problem ul { margin: 0; padding: 0; list-style: none; }
.field { margin: 0 0 1.1rem; }
.field > label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
input[type="text"], input[type="email"], input[type="password"], textarea {
  width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--strong); border-radius: 0.5rem; padding: 0.55rem 0.75rem;
}
[readonly] { background: var(--ground); color: var(--quiet); }
textarea { resize: vertical; font-family: ui-monospace, "Liberation Mono", monospace; }
[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
.code { max-width: 12rem; font-size: 1.4rem; letter-spacing: 0.2em; font-variant-numeric: tabular-nums; }
button, .button {
  display: inline-block; font: inherit; font-weight: 600; cursor: pointer; text-decoration: none; padding: 0.55rem 1.2rem; border-radius: 0.5rem;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent);
}
button:hover, .button:hover { filter: brightness(1.08); }
.danger { background: var(--bad); border-color: var(--bad); color: var(--card); }
.plain { background: none; color: var(--accent); padding: 0.3rem 0.8rem; border-color: var(--strong); font-weight: 500; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; margin: 0; }
table { width: 100%; border-collapse: collapse; margin: 0 0 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.5rem; }
th, td { padding: 0.65rem 1rem; border-top: 1px solid var(--line); text-align: left; vertical-align: middle; }
thead th { border-top: 0; color: var(--quiet); font-weight: 600; font-size: 0.9rem; }
th[scope="row"] { font-weight: 600; }
th[scope="row"] small { display: block; font-weight: 400; color: var(--quiet); font-size: 0.9rem; }
td, thead th:not(:first-child) { width: 5.5rem; text-align: center; }
td label { display: inline-flex; padding: 0.4rem; cursor: pointer; }
input[type="checkbox"] {
  appearance: none; margin: 0; width: 2.6rem; height: 1.5rem; border-radius: 1rem; cursor: pointer; position: relative;
  background: var(--card); border: 2px solid var(--strong);
}
input[type="checkbox"]::before { content: ""; position: absolute; top: 2px; left: 2px; width: 1rem; height: 1rem; border-radius: 50%; background: var(--strong); }
input[type="checkbox"]:checked { background: var(--accent); border-color: var(--accent); }
input[type="checkbox"]:checked::before { left: calc(100% - 1rem - 2px); background: var(--on-accent); }
input[type="checkbox"]:disabled { opacity: 0.5; cursor: not-allowed; }
@media (forced-colors: active) { input[type="checkbox"] { appearance: auto; width: 1.4rem; height: 1.4rem; } input[type="checkbox"]::before { content: none; } }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: 0.4rem 1rem; margin: 0 0 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
dd ul { margin: 0; padding: 0; list-style: none; }
code, .long { font-family: ui-monospace, "Liberation Mono", monospace; font-size: 0.95em; overflow-wrap: anywhere; }
.secret { display: block; padding: 0.6rem 0.75rem; background: var(--ground); border: 1px solid var(--strong); border-radius: 0.5rem; user-select: all; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { th, td { padding: 0.6rem 0.5rem; } td, thead th:not(:first-child) { width: 4rem; } dl { grid-template-columns: 1fr; gap: 0 0; } dd { margin-bottom: 0.5rem; } }
`;

/** A plain key on a square: nobody's logo. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5cad"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"><circle cx="11" cy="16" r="4.5"/><path d="M16 16h10M22 16v4M26 16v3"/></g></svg>`;
