/** The look of a run's file. Its hash is what the file's policy allows, and nothing else. */
export const runStyle = `:root{color-scheme:light dark;--ink:light-dark(#151b18,#e9edea);--dim:light-dark(#454e49,#b3bcb7);--line:light-dark(#dde0d9,#28302c);--pine:light-dark(#0a5f4c,#63cdac);--edge:light-dark(#7d857f,#6d7772)}
*{box-sizing:border-box;margin:0}
body{background:light-dark(#f3f4f0,#0f1311);color:var(--ink);font:15px/1.5 system-ui,sans-serif;padding:1.5rem 1rem}
main{max-width:56rem;margin:0 auto;display:grid;gap:1rem}
h1{font-size:1.4rem}h2{font-size:1rem;margin-top:.5rem}.dim,p{color:var(--dim)}
dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem}dt{font-size:.8rem;color:var(--dim)}dd{font-variant-numeric:tabular-nums}
svg{width:100%;background:light-dark(#fff,#161b19);border:1px solid var(--line);border-radius:8px}
.critical{fill:var(--pine)}.beside{fill:none;stroke:var(--edge)}circle{fill:var(--edge)}
ol ol,.tree{padding-inline-start:1.25rem}.tree li{margin:.15rem 0;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;width:100%}
th,td{text-align:start;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
@media (forced-colors:active){.critical{fill:Highlight}.beside{stroke:CanvasText}circle{fill:CanvasText}}
`;
