/** Layout primitives: what has a size and can be drawn anywhere. */
import { shape, spannedText, textElement } from "./svg.ts";
import { lineHeight, type TextStyleName, textStyles, textWidth, wrap } from "./text.ts";
import type { BoxKind } from "./theme.ts";

export interface DiagramBlock {
  readonly width: number;
  readonly height: number;
  /** The elements, with the block's upper left corner at the place given. */
  draw(x: number, y: number): string[];
}

const PADDING = 12;
const CORNER = 6;
const STRIPE = 5;
/** Between two facts of a line. */
const FACT_GAP = "   ";

/** Lines of text, wrapped to `maxWidth`. */
export const text = (content: string, style: TextStyleName, maxWidth: number): DiagramBlock => {
  const lines = wrap(content, style, maxWidth);
  const step = lineHeight(style);
  const { size } = textStyles[style];
  return {
    width: Math.max(0, ...lines.map((line) => textWidth(line, style))),
    height: lines.length * step,
    draw: (x, y) =>
      lines.map((line, index) =>
        textElement("text", { class: style, "font-size": size, x, y: y + index * step + size }, line),
      ),
  };
};

/** Blocks under each other. */
export const stack = (blocks: readonly DiagramBlock[], gap = 4): DiagramBlock => ({
  width: Math.max(0, ...blocks.map((block) => block.width)),
  height: blocks.reduce((height, block) => height + block.height, gap * Math.max(0, blocks.length - 1)),
  draw: (x, y) => {
    let top = y;
    return blocks.flatMap((block) => {
      const elements = block.draw(x, top);
      top += block.height + gap;
      return elements;
    });
  },
});

/** Blocks beside each other, centred in lines of at most `maxWidth`. */
export const flow = (
  blocks: readonly DiagramBlock[],
  maxWidth: number,
  gap: number,
  lineGap = 4,
): DiagramBlock => {
  const lines: DiagramBlock[][] = [];
  let used = 0;
  for (const block of blocks) {
    const line = lines.at(-1);
    if (line && used + gap + block.width <= maxWidth) {
      line.push(block);
      used += gap + block.width;
    } else {
      lines.push([block]);
      used = block.width;
    }
  }
  return stack(
    lines.map((line) => row(line, gap)),
    lineGap,
  );
};

/** Blocks beside each other, their middles on one line. */
const row = (blocks: readonly DiagramBlock[], gap: number): DiagramBlock => {
  const height = Math.max(0, ...blocks.map((block) => block.height));
  return {
    width: blocks.reduce((width, block) => width + block.width, gap * Math.max(0, blocks.length - 1)),
    height,
    draw: (x, y) => {
      let left = x;
      return blocks.flatMap((block) => {
        const elements = block.draw(left, y + (height - block.height) / 2);
        left += block.width + gap;
        return elements;
      });
    },
  };
};

/** The greatest width of a box's content. */
export const innerWidth = (width: number): number => width - 2 * PADDING;

/** A box of the width given, as high as its content needs. */
export const box = (kind: BoxKind, width: number, content: DiagramBlock): DiagramBlock => {
  const height = content.height + 2 * PADDING - 4;
  return {
    width,
    height,
    draw: (x, y) => [
      shape("rect", { class: `box ${kind}`, x, y, width, height, rx: CORNER }),
      ...content.draw(x + PADDING, y + PADDING - 2),
    ],
  };
};

/** A box with a coloured edge at its left. */
export const card = (kind: BoxKind, width: number, content: DiagramBlock): DiagramBlock => {
  const plain = box("plain", width, content);
  return {
    ...plain,
    draw: (x, y) => [
      ...plain.draw(x, y),
      shape("rect", { class: `stripe ${kind}`, x, y, width: STRIPE, height: plain.height, rx: STRIPE / 2 }),
    ],
  };
};

/** A short word in a frame. */
export const badge = (kind: BoxKind, word: string): DiagramBlock => {
  const { size } = textStyles.badge;
  const width = textWidth(word, "badge") + 14;
  const height = lineHeight("badge") + 4;
  return {
    width,
    height,
    draw: (x, y) => [
      shape("rect", { class: `frame ${kind}`, x, y, width, height, rx: height / 2 }),
      textElement(
        "text",
        { class: "badge", "font-size": size, x: x + width / 2, y: y + 2 + size, "text-anchor": "middle" },
        word,
      ),
    ],
  };
};

export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** Labels with their values, as many to a line as fit; one that no line holds is wrapped below its label. */
export const facts = (all: readonly Fact[], maxWidth: number): DiagramBlock => {
  const lines: Fact[][] = [];
  for (const fact of all) {
    const line = lines.at(-1);
    if (line && factsWidth([...line, fact]) <= maxWidth) line.push(fact);
    else lines.push([fact]);
  }
  return stack(
    lines.map((line) => (factsWidth(line) <= maxWidth ? factLine(line) : wrappedFacts(line, maxWidth))),
    2,
  );
};

const labelOf = ({ label }: Fact, index: number): string => `${index > 0 ? FACT_GAP : ""}${label} `;

const factsWidth = (line: readonly Fact[]): number =>
  line.reduce(
    (width, fact, index) => width + textWidth(labelOf(fact, index), "label") + textWidth(fact.value, "value"),
    0,
  );

/** One text, so that what follows a label stands right behind it in every font. */
const factLine = (line: readonly Fact[]): DiagramBlock => ({
  width: factsWidth(line),
  height: lineHeight("value"),
  draw: (x, y) => [
    spannedText(
      { x, y: y + textStyles.value.size },
      line.flatMap((fact, index) => [
        {
          attributes: { class: "label", "font-size": textStyles.label.size },
          content: labelOf(fact, index),
        },
        { attributes: { class: "value", "font-size": textStyles.value.size }, content: fact.value },
      ]),
    ),
  ],
});

const wrappedFacts = (line: readonly Fact[], maxWidth: number): DiagramBlock =>
  stack(
    line.flatMap(({ label, value }) => [text(label, "label", maxWidth), text(value, "value", maxWidth)]),
    0,
  );
