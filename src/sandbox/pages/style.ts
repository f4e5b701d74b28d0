/** One style sheet for all pages of the sandbox. Works from 320 px on, light and dark. */
export const style = `
:root{
  color-scheme:light dark;
  --bg:light-dark(#f4f6f8,#0f1419); --card:light-dark(#fff,#182029); --line:light-dark(#dfe5ea,#2b3641);
  --text:light-dark(#1b242c,#e7edf2); --soft:light-dark(#55626e,#9fb0bf);
  --accent:light-dark(#00639a,#79c3f2); --accent-bg:light-dark(#e3f1fa,#14344a);
  --good:light-dark(#146c2e,#7fd495); --good-bg:light-dark(#e0f3e4,#14351f);
  --warn:light-dark(#7a4d00,#f2c46d); --warn-bg:light-dark(#fdf0d5,#3d2c0a);
  --bad:light-dark(#a1201c,#ff9d94); --bad-bg:light-dark(#fde5e2,#45191a);
  --mute-bg:light-dark(#eaeef1,#25303a);
  --mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
header,main{max-width:84rem;margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem)}
header{padding-top:1.5rem;display:flex;flex-wrap:wrap;gap:.75rem 2rem;align-items:end;justify-content:space-between}
h1{margin:0;font-size:1.5rem;line-height:1.2;letter-spacing:-.01em}
h1 small{display:block;font-size:.85rem;font-weight:400;color:var(--soft);letter-spacing:0}
h2{margin:0 0 .75rem;font-size:1.05rem;display:flex;gap:.6rem;align-items:baseline}
h2 small,.soft{color:var(--soft);font-weight:400;font-size:.85rem}
code,.mono{font-family:var(--mono);font-size:.86em}
dl.facts{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0}
dl.facts div{display:flex;gap:.4rem}
dt{color:var(--soft);white-space:nowrap} dd{margin:0}
.columns{display:grid;grid-template-columns:minmax(0,1fr);gap:1.5rem}
@media (max-width:63.99rem){.columns>:last-child{order:-1}}
@media (min-width:64rem){.columns{grid-template-columns:minmax(0,5fr) minmax(0,4fr)}}
section{min-width:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.people{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}
.person{padding:.85rem 1rem}
.person.off{opacity:.85}
.person h3{margin:0;font-size:1rem;display:flex;gap:.6rem;align-items:center}
.face{flex:none;width:2.1rem;height:2.1rem;border-radius:50%;display:grid;place-items:center;font-weight:600;color:#fff;background:hsl(var(--hue) 45% 38%)}
.person h3 span.names{min-width:0;line-height:1.25}
.person h3 small{display:block;font-weight:400;color:var(--soft);font-size:.8rem}
.pills{display:flex;flex-wrap:wrap;gap:.3rem;margin:.55rem 0 0}
.pill{display:inline-block;padding:.05rem .5rem;border-radius:1rem;font-size:.76rem;background:var(--mute-bg);color:var(--text);white-space:nowrap;max-width:100%;overflow:hidden;text-overflow:ellipsis}
.pill.good{background:var(--good-bg);color:var(--good)} .pill.warn{background:var(--warn-bg);color:var(--warn)}
.pill.bad{background:var(--bad-bg);color:var(--bad)} .pill.info{background:var(--accent-bg);color:var(--accent)}
ul.tokens{list-style:none;margin:.7rem 0 0;padding:.55rem 0 0;border-top:1px solid var(--line);display:grid;gap:.35rem;font-size:.88rem}
ul.tokens li{display:flex;gap:.5rem;align-items:center;justify-content:space-between}
ul.tokens li>span:first-child{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.icon{width:1em;height:1em;vertical-align:-.12em;fill:none;stroke:var(--soft);stroke-width:1.5;stroke-linecap:round}
.none{margin:.7rem 0 0;padding-top:.55rem;border-top:1px solid var(--line);color:var(--soft);font-size:.88rem}
ol.mails{list-style:none;margin:0;padding:0}
ol.mails li{padding:.7rem 1rem;border-top:1px solid var(--line);display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.1rem .75rem}
ol.mails li:first-child{border:0}
ol.mails a.subject{font-weight:600;text-decoration:none}
ol.mails a.subject:hover{text-decoration:underline}
ol.mails .meta{grid-column:1/-1;color:var(--soft);font-size:.83rem;display:flex;flex-wrap:wrap;gap:.1rem .6rem}
.empty{padding:1.5rem 1rem;color:var(--soft);text-align:center}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.85rem}
th{font-weight:500;color:var(--soft);text-align:left}
th,td{padding:.4rem .75rem;border-top:1px solid var(--line);vertical-align:top}
thead th{border:0}
td.path{min-width:16rem;font-family:var(--mono);font-size:.8rem}
td.narrow,th.narrow{white-space:nowrap;width:1%}
button{font:inherit;font-size:.85rem;padding:.35rem .8rem;border-radius:1rem;border:1px solid var(--line);background:var(--card);color:var(--text);cursor:pointer}
button:hover{border-color:var(--accent);color:var(--accent)}
.buttons{display:flex;flex-wrap:wrap;gap:.4rem}
.letter{padding:1.25rem clamp(1rem,3vw,2rem)}
.letter h1{font-size:1.35rem;margin-bottom:.75rem}
.letter pre{white-space:pre-wrap;font:inherit;margin:1.25rem 0}
.letter iframe{width:100%;height:28rem;border:1px solid var(--line);border-radius:.5rem;background:#fff}
.letter details{margin-top:.75rem}
.letter details pre{font:.8rem/1.45 var(--mono);max-height:30rem;overflow:auto;background:var(--mute-bg);padding:.75rem;border-radius:.5rem}
.go{display:inline-block;padding:.5rem 1.1rem;border-radius:2rem;background:light-dark(#00639a,#0d6ea6);color:#fff;text-decoration:none;font-weight:600}
@media (max-width:40rem){
  table.calls thead{display:none}
  table.calls,table.calls tbody,table.calls tr,table.calls td{display:block;width:auto}
  table.calls tr{border-top:1px solid var(--line);padding:.45rem .85rem}
  table.calls td{border:0;padding:.05rem 0;display:inline-block;margin-right:.5rem}
  table.calls td.path{display:block;min-width:0}
}
@media (prefers-reduced-motion:no-preference){.fresh{animation:glow 2s ease-out}}
@keyframes glow{from{background:var(--accent-bg)}}
`
