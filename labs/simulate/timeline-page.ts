/** The timeline of a simulation as one page that needs nothing from outside, and no script. */
import { escapeXml } from "../../operations/diagrams/svg.ts";
import { htmlPage } from "../../operations/html.ts";
import type { Moment } from "./observation.ts";
import type { SimulationOutcome } from "./simulation.ts";

const ROW = 16;
const NAMES = 420;
const WIDTH = 900;

const STATES = ["made", "pending", "placed", "ready"] as const;

const STYLE = `
:root { color-scheme: light dark; --text: #1b2330; --soft: #586273; --page: #f6f7f9; --line: #d7dbe2;
  --made: #aeb6c4; --pending: #d9480f; --placed: #8ab4f8; --ready: #2b8a3e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaf1; --soft: #9aa6b8; --page: #10141b; --line: #303a49;
  --made: #5d6673; --pending: #ff8a50; --placed: #3f6fb5; --ready: #69c27c; } }
body { margin: 1.5rem; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
svg { display: block; max-width: 100%; height: auto; font-size: 11px; }
text { fill: var(--text); } .soft { color: var(--soft); fill: var(--soft); }
line { stroke: var(--line); } line.event { stroke: var(--pending); stroke-width: 2; }
.made { fill: var(--made); color: var(--made); } .pending { fill: var(--pending); color: var(--pending); }
.placed { fill: var(--placed); color: var(--placed); } .ready { fill: var(--ready); color: var(--ready); }
.problem { color: var(--pending); font-weight: 600; }
`;

type PodMoment = Moment & Required<Pick<Moment, "pod" | "state">>;

const isOfPod = (moment: Moment): moment is PodMoment =>
  moment.pod !== undefined && moment.state !== undefined;

const list = (lines: readonly string[], name: string): string =>
  lines.length === 0
    ? ""
    : `<ul class="${name}">\n${lines.map((line) => `<li>${escapeXml(line)}</li>`).join("\n")}\n</ul>\n`;

/** One row a pod: a bar for each state that it was in, with its text. */
const rowOf = (
  moments: readonly PodMoment[],
  at: number,
  end: number,
  x: (seconds: number) => number,
): string => {
  const y = at * ROW;
  const bars = moments.flatMap((moment, index) => {
    if (moment.state === "gone") return [];
    const [from, to] = [x(moment.at), x(moments[index + 1]?.at ?? end)];
    const label = `${moment.at} s: ${moment.text}`;
    return `<rect class="${moment.state}" x="${from}" y="${y + 3}" width="${Math.max(1, to - from)}" height="${ROW - 5}"><title>${escapeXml(label)}</title></rect>`;
  });
  return `<g><text x="0" y="${y + ROW - 4}">${escapeXml(moments[0]?.pod ?? "")}</text>${bars.join("")}</g>`;
};

/** Draws what an environment's pods did, second by second. */
export const timelinePage = (
  environment: string,
  { timeline, problems, pending, notes }: SimulationOutcome,
): string => {
  const end = Math.max(1, ...timeline.map(({ at }) => at)) + 1;
  const x = (seconds: number) => Number((NAMES + (seconds / end) * WIDTH).toFixed(1));
  const ofPods = timeline.filter(isOfPod);
  const pods = [...new Set(ofPods.map(({ pod }) => pod))].toSorted();
  const rows = pods.map((name) => ofPods.filter(({ pod }) => pod === name));
  const height = (rows.length + 2) * ROW;
  const step = Math.max(10, Math.ceil(end / 100) * 10);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => at * step);
  const events = timeline.filter((moment) => !isOfPod(moment));
  const title = `${environment}, simulated`;
  const body = `<h1>${escapeXml(title)}</h1>
<p id="verdict"${problems.length > 0 ? ' class="problem"' : ""}>${problems.length > 0 ? `fails: ${problems.length} problems` : "passes"}</p>
${list(problems, "problems")}${list(
  pending.map(({ pod, priorityClass, why }) => `waits: ${pod} (${priorityClass}): ${why}`),
  "waits",
)}<p>${STATES.map((state) => `<span class="${state}">■</span> ${state}`).join(" &nbsp; ")}</p>
<svg viewBox="0 0 ${NAMES + WIDTH + 20} ${height}" width="${NAMES + WIDTH + 20}" role="img" aria-label="Pods over time">
${ticks.map((at) => `<line x1="${x(at)}" x2="${x(at)}" y1="0" y2="${height - ROW}"/><text class="soft" x="${x(at)}" y="${height - 4}">${at} s</text>`).join("\n")}
${rows.map((moments, at) => rowOf(moments, at, end, x)).join("\n")}
${events.map(({ at, text }) => `<line class="event" x1="${x(at)}" x2="${x(at)}" y1="0" y2="${height - ROW}"><title>${escapeXml(text)}</title></line><text class="pending" x="${x(at) + 4}" y="${height - ROW}">${escapeXml(text)}</text>`).join("\n")}
</svg>
${list(notes, "notes")}`;
  return htmlPage({ title, style: STYLE, body });
};
