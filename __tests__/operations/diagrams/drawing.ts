/** Reads a diagram back: refuses what is not XML, and says where things are. */
import { SaxesParser } from "saxes";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

export interface Area {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Every element in document order; the text of a `tspan` counts for the `text` around it too. */
export const readDrawing = (svg: string): Element[] => {
  const parser = new SaxesParser({ xmlns: true });
  const elements: Element[] = [];
  const open: Element[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    const element: Element = { name, attributes: Object.fromEntries(values), text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.on("text", (text) => {
    for (const element of open) element.text += text;
  });
  parser.write(svg).close();
  return elements;
};

export const classes = ({ attributes }: Element): string[] => (attributes.class ?? "").split(" ");

const number = ({ name, attributes }: Element, key: string): number => {
  const value = Number(attributes[key]);
  if (attributes[key] === undefined || !Number.isFinite(value)) {
    throw new Error(`${name}: ${key} must be a number: got ${attributes[key]}`);
  }
  return value;
};

const MONO = ["name", "value", "strong"];

const area = (element: Element): Area[] => {
  const what = element.text || JSON.stringify(element.attributes);
  if (element.name === "rect") {
    const [left, top] = [number(element, "x"), number(element, "y")];
    return [
      { what, left, top, right: left + number(element, "width"), bottom: top + number(element, "height") },
    ];
  }
  if (element.name === "circle") {
    const [x, y, r] = [number(element, "cx"), number(element, "cy"), number(element, "r")];
    return [{ what, left: x - r, top: y - r, right: x + r, bottom: y + r }];
  }
  if (element.name === "text") {
    const size = Number(element.attributes["font-size"] ?? 13);
    const mono = classes(element).some((name) => MONO.includes(name));
    const width = [...element.text].length * size * (mono ? 0.61 : 0.5);
    const anchored = element.attributes["text-anchor"] === "middle" ? width / 2 : 0;
    const [left, y] = [number(element, "x") - anchored, number(element, "y")];
    return [{ what, left, top: y - size * 0.75, right: left + width, bottom: y + size * 0.2 }];
  }
  return element.name === "path" ? segments(element) : [];
};

/** Straight pieces of a path; only the commands that diagrams use. */
export const segments = (element: Element): Area[] => {
  let [x, y] = [0, 0];
  return [...(element.attributes.d ?? "").matchAll(/([A-Za-z])([^A-Za-z]*)/g)].flatMap(
    ([, command, rest]) => {
      const [first = 0, second = 0] = (rest ?? "")
        .trim()
        .split(/[\s,]+|(?<=\d)(?=-)/)
        .map(Number);
      const [fromX, fromY] = [x, y];
      if (command === "M") [x, y] = [first, second];
      else if (command === "H") x = first;
      else if (command === "V") y = first;
      else if (command === "v") y += first;
      else if (command === "l") [x, y] = [x + first, y + second];
      else if (command !== "z") throw new Error(`path command ${command} is not read here`);
      if (command === "M" || command === "z") return [];
      const sides = { left: Math.min(x, fromX), right: Math.max(x, fromX) };
      return [
        { what: element.attributes.d ?? "", ...sides, top: Math.min(y, fromY), bottom: Math.max(y, fromY) },
      ];
    },
  );
};

export const areas = (elements: readonly Element[]): Area[] => elements.flatMap(area);

const meet = (one: Area, other: Area): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Pairs of areas that share more than an edge. */
export const overlaps = (all: readonly Area[]): [string, string][] =>
  all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .flatMap((other): [string, string][] => (meet(one, other) ? [[one.what, other.what]] : [])),
  );

/** Lines that run through the inside of a box; reaching its edge is fine. */
export const piercings = (lines: readonly Area[], boxes: readonly Area[]): [string, string][] =>
  lines.flatMap((line) =>
    boxes.filter((box) => meet(line, box)).map((box): [string, string] => [line.what, box.what]),
  );

/** Boxes that stand by themselves; badges and bars lie inside one. */
export const boxes = (elements: readonly Element[]): Area[] =>
  areas(elements.filter((element) => classes(element).includes("box")));

export const texts = (elements: readonly Element[]): Area[] =>
  areas(elements.filter(({ name }) => name === "text"));

/** Texts that begin in a box and do not end in it. */
export const escapes = (all: readonly Area[], around: readonly Area[]): [string, string][] =>
  all.flatMap((text) =>
    around
      .filter((box) => meet(text, box))
      .filter((box) => text.right > box.right || text.top < box.top || text.bottom > box.bottom)
      .map((box): [string, string] => [text.what, box.what]),
  );

/** Everything that is wrong with a picture's layout. */
export const faults = (elements: readonly Element[]): unknown[] => [
  ...outside(elements),
  ...overlaps(boxes(elements)),
  ...overlaps(texts(elements)),
  ...escapes(texts(elements), boxes(elements)),
];

/** The parts that are not wholly inside the picture. */
export const outside = (elements: readonly Element[]): string[] => {
  const [, , width = 0, height = 0] = (elements[0]?.attributes.viewBox ?? "").split(" ").map(Number);
  return areas(elements)
    .filter(({ left, top, right, bottom }) => left < 0 || top < 0 || right > width || bottom > height)
    .map(({ what }) => what);
};

/** All visible text without spaces: wrapped text reads as one. */
export const visibleText = (elements: readonly Element[]): string =>
  squeezed(
    elements
      .filter(({ name }) => name === "text")
      .map(({ text }) => text)
      .join(""),
  );

export const squeezed = (text: string): string => text.replace(/\s/g, "");
