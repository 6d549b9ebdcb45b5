import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TextStyleName, textStyles, textWidth, wrap } from "../../../operations/diagrams/text.ts";

const styles = fc.constantFrom(...(Object.keys(textStyles) as TextStyleName[]));

describe("wrap", () => {
  test("keeps what fits, and breaks at spaces first", () => {
    expect(wrap("one control plane", "prose", 1000)).toEqual(["one control plane"]);
    expect(wrap("on one control plane", "prose", 110)).toEqual(["on one control", "plane"]);
    expect(wrap("  ", "prose", 90)).toEqual([]);
  });

  test("breaks a long word where it has joints, then anywhere", () => {
    expect(wrap("argocd.dev.example.org", "value", 100)).toEqual(["argocd.dev.", "example.org"]);
    expect(wrap("abcdefghijklmnop", "value", 82)).toEqual(["abcdefghij", "klmnop"]);
  });

  test("any text: every line fits, nothing is lost, no line could take the next word", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        styles,
        fc.integer({ min: 40, max: 600 }),
        (text, style, width) => {
          const lines = wrap(text, style, width);
          for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(width);
          expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
          for (const [index, line] of lines.slice(1).entries()) {
            const [word = ""] = line.split(" ");
            expect(textWidth(`${lines[index]} ${word}`, style)).toBeGreaterThan(width);
          }
        },
      ),
    );
  });
});

test("wider letters, bigger and bolder text need more room", () => {
  expect(textWidth("WWW", "prose")).toBeGreaterThan(textWidth("aaa", "prose"));
  expect(textWidth("aaa", "prose")).toBeGreaterThan(textWidth("iii", "prose"));
  expect(textWidth("WWW", "value")).toBe(textWidth("iii", "value"));
  expect(textWidth("網網網", "value")).toBeGreaterThan(textWidth("iii", "value"));
  expect(textWidth("aaa", "title")).toBeGreaterThan(textWidth("aaa", "heading"));
  expect(textWidth("aaa", "badge")).toBeGreaterThan(textWidth("aaa", "label"));
});
