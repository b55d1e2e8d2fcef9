/** The look of the pages: sober, both themes, no external resource. */

export const STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#f6f7f9, #0e1116); --panel: light-dark(#fff, #141820);
  --line: light-dark(#dfe3ea, #252c38); --text: light-dark(#1b2330, #dde3ec); --soft: light-dark(#5a6676, #8d98a9);
  --accent: light-dark(#1f63d6, #4f8cff); --on-accent: light-dark(#fff, #0e1116); --good: light-dark(#0b7a54, #4fd1a1);
  --bad: light-dark(#c92a2a, #ff7b7b) }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 880px; padding: 24px 20px; background: var(--bg); color: var(--text);
  font: 14px/20px Inter, "Segoe UI", system-ui, sans-serif }
h1 { margin: 0; font-size: 20px; line-height: 28px }
h1 small { font-size: 14px; font-weight: 400; color: var(--soft); margin-left: 8px }
p { margin: 4px 0 16px; color: var(--soft); max-width: 68ch }
code, td, output, iframe { font: 12px/20px "JetBrains Mono", "SF Mono", Consolas, "DejaVu Sans Mono", monospace }
fieldset { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin: 0 0 8px; padding: 0; border: 0 }
label { display: flex; gap: 6px; align-items: center; color: var(--soft) }
button, input, select { font: inherit; color: var(--text); background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px; padding: 4px 10px }
input[type=number] { width: 88px }
input.wide { flex: 1; min-width: 160px }
button { cursor: pointer }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
output { display: block; margin: 12px 0; color: var(--soft); font-variant-numeric: tabular-nums }
output b { color: var(--text); font-weight: 500 }
output .open { color: var(--good) }
output .closed { color: var(--bad) }
table { width: 100%; border-collapse: collapse; background: var(--panel); border: 1px solid var(--line); table-layout: fixed }
th { text-align: left; font-size: 11px; font-weight: 400; color: var(--soft) }
th, td { padding: 2px 10px; border-bottom: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; font-variant-numeric: tabular-nums }
th:nth-child(1) { width: 84px } th:nth-child(2) { width: 116px } th:nth-child(3) { width: 92px } th:nth-child(4) { width: 128px }
td:nth-child(-n+4) { color: var(--soft) }
iframe { width: 100%; height: 220px; border: 1px solid var(--line); background: var(--panel); margin-top: 12px }
`
