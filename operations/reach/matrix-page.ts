/** The matrix as one page that needs nothing from outside. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { escapeXml } from "../diagrams/svg.ts";
import { htmlPage } from "../html.ts";
import type { FlowChange } from "./changes.ts";
import { type MatrixData, matrixData } from "./matrix-data.ts";
import type { SceneOptions } from "./scene.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

const STYLE = readFileSync(new URL("./page/page.css", import.meta.url), "utf8");

let bundled: string | undefined;

/** The page's script, as one text. */
const script = (): string => {
  bundled ??= buildSync({
    entryPoints: [fileURLToPath(new URL("./page/main.js", import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    legalComments: "none",
  }).outputFiles[0]?.text.trim();
  if (bundled === undefined) throw new Error("page/main.js: gave no script");
  return bundled;
};

const LEGEND = [
  ["open", "●", "open on one port"],
  ["open", "3", "open on three ports"],
  ["unknown", "?", "unknown: depends on what is not modelled"],
  ["closed", "·", "closed"],
] as const;

/** Views of the page beside the matrix. */
export interface PageOptions extends SceneOptions {
  /**
   * Flows that change against another synthesis, for a view of their own.
   * @default no such view
   */
  readonly changes?: readonly FlowChange[] | undefined;
}

/** Decides who reaches whom in the network, and draws it. */
export const matrixPage = (network: SynthesizedNetwork, options: PageOptions = {}): string =>
  pageOf({ ...matrixData(network, options), ...(options.changes && { changes: options.changes }) });

/** Draws decided data. Names and reasons are data for the script: none of them becomes markup. */
export const pageOf = (data: MatrixData & { readonly changes?: readonly FlowChange[] }): string => {
  const { environment, identities, notes } = data;
  const title = `Who reaches whom: ${environment}`;
  const body = `<header>
<h1>${escapeXml(title)}</h1>
<p class="soft">${identities.length} pods and ends, decided by the synthesized policies as Cilium decides.</p>
${notes.map((note) => `<p>${escapeXml(note)}</p>\n`).join("")}<div class="bar">
<div id="tabs" role="tablist" aria-label="Views">
${VIEWS.map(([view, name]) => `<button id="${view}-tab" role="tab" type="button" data-view="${view}" aria-controls="${view}-view">${name}</button>`).join("\n")}
</div>
<form id="controls">
<label>Find a name, port or reason <input id="find" type="search" autocomplete="off" spellcheck="false"></label>
</form>
</div>
</header>
<main>
<div class="views">
<section id="matrix-view" role="tabpanel" aria-labelledby="matrix-tab">
<div class="choices">
<label>From <input id="from" type="search" autocomplete="off" spellcheck="false"></label>
<label>To <input id="to" type="search" autocomplete="off" spellcheck="false"></label>
<label>Port <select id="port"></select></label>
<label class="check"><input id="all" type="checkbox"> show everybody</label>
</div>
<ul class="legend" aria-label="Legend">
${LEGEND.map(([state, symbol, text]) => `<li><span class="swatch ${state}">${symbol}</span> ${text}</li>`).join("\n")}
</ul>
<div id="grid"></div>
<p id="shown" class="soft" role="status"></p>
</section>
<section id="app-view" role="tabpanel" aria-labelledby="app-tab">
<label>App <select id="app"></select></label>
<div id="neighbours"></div>
</section>
<section id="changes-view" role="tabpanel" aria-labelledby="changes-tab"><div id="change-list"></div></section>
</div>
<section id="reason" aria-live="polite" aria-label="Reason"><p class="soft">Choose a cell or a name, by click or with the arrow keys, to see why.</p></section>
</main>
<noscript><p>This page draws its matrix with a script of its own. Without one, ask: npm run homelab -- reach.</p></noscript>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`;
  return htmlPage({ title, style: STYLE, script: script(), body });
};

const VIEWS = [
  ["matrix", "Everybody"],
  ["app", "One app"],
  ["changes", "Changes"],
] as const;
