/** Colours and fonts, in a light and a dark form. Every colour is doubled by a word in the picture. */
import { textStyles } from "./text.ts";

interface Palette {
  readonly page: string;
  readonly card: string;
  readonly edge: string;
  readonly ink: string;
  readonly muted: string;
  readonly accents: Readonly<Record<Accent, string>>;
}

const ACCENTS = ["blue", "green", "orange", "purple", "gray"] as const;
export type Accent = (typeof ACCENTS)[number];

/** The look of a box, which says what it stands for. */
export type BoxKind = "plain" | Accent | `${Accent} dashed` | `${Accent} thick`;

const light: Palette = {
  page: "#ffffff",
  card: "#f6f8fa",
  edge: "#d1d9e0",
  ink: "#1f2328",
  muted: "#59636e",
  accents: { blue: "#0969da", green: "#1a7f37", orange: "#bc4c00", purple: "#8250df", gray: "#818b98" },
};

const dark: Palette = {
  page: "#0d1117",
  card: "#151b23",
  edge: "#3d444d",
  ink: "#f0f6fc",
  muted: "#9198a1",
  accents: { blue: "#4493f8", green: "#3fb950", orange: "#db6d28", purple: "#ab7df8", gray: "#656c76" },
};

const colors = (palette: Palette): string[] => [
  `.page{fill:${palette.page}}`,
  `text{fill:${palette.ink}}`,
  `.label{fill:${palette.muted}}`,
  `.box,.frame{fill:${palette.page};stroke:${palette.edge}}`,
  `.plain{fill:${palette.card}}`,
  `.line{stroke:${palette.edge}}`,
  ...ACCENTS.flatMap((accent) => [
    `.${accent}{stroke:${palette.accents[accent]}}`,
    `.stripe.${accent},.solid.${accent}{fill:${palette.accents[accent]}}`,
    `.open.${accent}{fill:${palette.page}}`,
  ]),
];

export const styleSheet = (): string => {
  const bold = Object.entries(textStyles).filter(([, { bold }]) => bold);
  const mono = Object.entries(textStyles).filter(([, { mono }]) => mono);
  const selector = (styles: [string, unknown][]) => styles.map(([name]) => `.${name}`).join(",");
  return [
    'text{font-family:ui-sans-serif,system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}',
    `${selector(mono)}{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}`,
    `${selector(bold)}{font-weight:600}`,
    ".box,.frame{stroke-width:1.25}",
    ".stripe{stroke:none}",
    ".thick{stroke-width:2.5}",
    ".line{fill:none;stroke-width:2}",
    ".rail{stroke-width:4}",
    ".thin{stroke-width:1.25}",
    ".dashed{stroke-dasharray:5 4}",
    ...colors(light),
    "@media (prefers-color-scheme:dark){",
    ...colors(dark),
    "}",
  ].join("\n");
};
