/** The matrix as one page that needs nothing from outside. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type MatrixData, matrixData } from "./matrix-data.ts";
import type { SceneOptions } from "./scene.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

const STYLE = readFileSync(new URL("./page/page.css", import.meta.url), "utf8");
const SCRIPT = readFileSync(new URL("./page/page.js", import.meta.url), "utf8");

const LEGEND = [
  ["open", "●", "open"],
  ["some", "◐ 3/8", "partly open: 3 of 8 pairs"],
  ["closed", "×", "closed"],
  ["unknown", "?", "unknown: depends on what is not modelled"],
  ["none", "–", "no policy decides: neither end is an endpoint"],
] as const;

/** Decides who reaches whom in the network, and draws it. */
export const matrixPage = (network: SynthesizedNetwork, options: SceneOptions = {}): string =>
  pageOf(matrixData(network, options));

/** Draws decided data. Names and reasons are data for the script: none of them becomes markup. */
export const pageOf = (data: MatrixData): string => {
  const { environment, identities, notes } = data;
  const title = `Who reaches whom: ${environment}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p class="soft">${identities.length} pods and ends, decided by the synthesized policies as Cilium decides.</p>
${notes.map((note) => `<p>${escaped(note)}</p>\n`).join("")}<form id="controls">
<label>Port <select id="port"></select></label>
<label>From, by name <input id="from" type="search" autocomplete="off" spellcheck="false"></label>
<label>To, by name <input id="to" type="search" autocomplete="off" spellcheck="false"></label>
<button id="back" class="back" type="button" hidden>← All namespaces</button>
</form>
<ul class="legend" aria-label="Legend">
${LEGEND.map(([state, symbol, text]) => `<li><span class="swatch ${state}">${symbol}</span> ${text}</li>`).join("\n")}
</ul>
</header>
<main>
<div>
<div class="scroll"><table id="matrix" role="grid"></table></div>
<p id="shown" class="soft" role="status"></p>
</div>
<section id="reason" aria-live="polite" aria-label="Reason"><p class="soft">Point at a cell, or move with the arrow keys, to see why.</p></section>
</main>
<noscript><p>This page draws its matrix with a script of its own. Without one, ask: npm run homelab -- reach.</p></noscript>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>
<script type="module">${SCRIPT}</script>
</body>
</html>
`;
};

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
