import { describe, expect, test } from "vitest";
import { escapeXml } from "../../../operations/diagrams/svg.ts";
import {
  boxes,
  escapes,
  faults,
  outside,
  overlaps,
  piercings,
  readDrawing,
  segments,
  texts,
} from "./drawing.ts";

const draw = (content: string) =>
  readDrawing(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">${content}</svg>`);
const rect = (x: number, y: number, kind = "box") =>
  `<rect class="${kind}" x="${x}" y="${y}" width="20" height="10"/>`;

describe("the reader that judges pictures", () => {
  test.each([
    "a & b",
    "a < b",
    "&unknown;",
    "\u0001",
    "\ud800",
    '<rect x="1" x="2"/>',
    "<rect>",
    "</svg><svg>",
  ])("refuses %j", (content) => {
    expect(() => draw(content)).toThrow();
  });

  test("finds boxes that overlap, not those that touch", () => {
    expect(overlaps(boxes(draw(rect(0, 0) + rect(19, 9))))).toHaveLength(1);
    expect(overlaps(boxes(draw(rect(0, 0) + rect(20, 0) + rect(0, 10))))).toEqual([]);
    expect(boxes(draw(rect(0, 0, "frame")))).toEqual([]);
  });

  test("finds what leaves the picture", () => {
    expect(outside(draw(rect(80, 40)))).toEqual([]);
    expect(outside(draw(rect(81, 40)))).toHaveLength(1);
    expect(outside(draw('<circle cx="2" cy="10" r="3"/>'))).toHaveLength(1);
    expect(outside(draw('<path d="M10 10V51"/>'))).toHaveLength(1);
    expect(outside(draw('<text x="60" y="20" font-size="13">too long</text>'))).toHaveLength(1);
  });

  test("finds texts over each other", () => {
    const text = (x: number) => `<text x="${x}" y="20" font-size="13">daphne</text>`;
    expect(overlaps(texts(draw(text(0) + text(20))))).toHaveLength(1);
    expect(overlaps(texts(draw(text(0) + text(50))))).toEqual([]);
  });

  test("finds a text that leaves its box", () => {
    const text = (x: number, y: number) => `<text x="${x}" y="${y}" font-size="10">abc</text>`;
    const found = (content: string) => escapes(texts(draw(content)), boxes(draw(content)));
    expect(found(rect(10, 10) + text(10, 18))).toEqual([]);
    expect(found(rect(10, 10) + text(20, 18))).toHaveLength(1);
    expect(found(rect(10, 10) + text(10, 25))).toHaveLength(1);
    expect(faults(draw(rect(10, 10) + text(10, 25) + rect(85, 10)))).toHaveLength(2);
  });

  test("finds lines that run through a box", () => {
    const elements = draw(`${rect(10, 10)}<path d="M30 15H50"/><path d="M0 15H40"/><path d="M20 0V12"/>`);
    const lines = elements.filter(({ name }) => name === "path").flatMap(segments);
    expect(piercings(lines, boxes(elements)).map(([line]) => line)).toEqual(["M0 15H40", "M20 0V12"]);
  });
});

test("any text comes back as it was; what XML cannot hold becomes U+FFFD", () => {
  const hostile = `]]><script>"'&amp;\u0000\u001f\ud800\uffff\u{1f600}\n`;
  const [, element] = draw(`<text title="${escapeXml(hostile)}">${escapeXml(hostile)}</text>`);
  expect(element?.text).toBe(`]]><script>"'&amp;${"\ufffd".repeat(4)}\u{1f600}\n`);
});
