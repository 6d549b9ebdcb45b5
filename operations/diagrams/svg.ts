/** SVG as text: elements, escaped, and the document around them. */
import { styleSheet } from "./theme.ts";

/** Everything outside XML 1.0's `Char`, lone surrogates among it. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text of the style element in every diagram. */
export const DIAGRAM_STYLE = `\n${styleSheet()}\n`;

type Attributes = Readonly<Record<string, string | number>>;

/** Text for content and attributes; what XML cannot hold becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text.replace(NOT_XML, "\uFFFD").replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Numbers are rounded to hundredths of a pixel, so that arithmetic leaves no trace in the file. */
const attribute = (value: string | number): string =>
  escapeXml(String(typeof value === "number" ? Math.round(value * 100) / 100 : value));

const open = (name: string, attributes: Attributes): string =>
  [`<${name}`, ...Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`)].join("");

/** An element without content. */
export const shape = (name: string, attributes: Attributes): string => `${open(name, attributes)}/>`;

/** An element with escaped text in it. */
export const textElement = (name: string, attributes: Attributes, text: string): string =>
  `${open(name, attributes)}>${escapeXml(text)}</${name}>`;

interface Span {
  readonly attributes: Attributes;
  readonly content: string;
}

/** One line of text whose parts look different. */
export const spannedText = (attributes: Attributes, spans: readonly Span[]): string =>
  `${open("text", { "xml:space": "preserve", ...attributes })}>${spans.map((span) => textElement("tspan", span.attributes, span.content)).join("")}</text>`;

export interface Drawing {
  /** Prefix of ids: several pictures can stand on one page. */
  readonly id: string;
  readonly title: string;
  /** The picture in words, for those who cannot see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly elements: readonly string[];
}

/** A self-contained document: its own background and styles, no script, nothing fetched. */
export const svgDocument = ({ id, title, description, width, height, elements }: Drawing): string =>
  `${[
    `${open("svg", {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-desc`,
    })}>`,
    textElement("title", { id: `${id}-title` }, title),
    textElement("desc", { id: `${id}-desc` }, description),
    `<style>${DIAGRAM_STYLE}</style>`,
    shape("rect", { class: "page", x: 0, y: 0, width, height }),
    ...elements,
    "</svg>",
  ].join("\n")}\n`;
