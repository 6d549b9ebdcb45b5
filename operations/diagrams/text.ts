/** Text in a picture: the styles there are, how wide a text can get in them, and where it wraps. */

interface TextStyle {
  /** Size in pixels. */
  readonly size: number;
  readonly mono: boolean;
  readonly bold: boolean;
}

export const textStyles = {
  title: { size: 22, mono: false, bold: true },
  heading: { size: 14, mono: false, bold: true },
  name: { size: 16, mono: true, bold: true },
  badge: { size: 12, mono: false, bold: true },
  value: { size: 13, mono: true, bold: false },
  strong: { size: 13, mono: true, bold: true },
  prose: { size: 13, mono: false, bold: false },
  label: { size: 12, mono: false, bold: false },
} as const satisfies Record<string, TextStyle>;

export type TextStyleName = keyof typeof textStyles;

const LINE_HEIGHT = 1.35;
/** Pieces that a word breaks into where it does not fit a line: an address after a dot, a URL after a slash. */
const WORD_PIECES = /[^-./:@_=&?,]*[-./:@_=&?,]+|[^-./:@_=&?,]+/g;
const NARROW = /[ .,:;'!|/()[\]ijlftr-]/;
const WIDE = /[mwMW@%&—…]/;
const UPPER_CASE = /[A-Z]/;
/** Ideographs and most symbols, which take two columns even in a monospace font. */
const DOUBLE_WIDTH_FROM = 0x1100;

export const lineHeight = (style: TextStyleName): number => Math.round(textStyles[style].size * LINE_HEIGHT);

/** Width of a character in em: that of Verdana and DejaVu Sans, the widest of the fonts that readers have. */
const em = (character: string, { mono, bold }: TextStyle): number => {
  if ((character.codePointAt(0) ?? 0) >= DOUBLE_WIDTH_FROM) return 1.3;
  if (mono) return 0.62;
  const regular = NARROW.test(character)
    ? 0.43
    : WIDE.test(character)
      ? 1
      : UPPER_CASE.test(character)
        ? 0.79
        : 0.64;
  return bold ? regular * 1.17 : regular;
};

/** The greatest width of a text, in pixels: a little too much for most fonts. */
export const textWidth = (text: string, style: TextStyleName): number => {
  const { size } = textStyles[style];
  return Math.ceil(
    [...text].reduce((width, character) => width + em(character, textStyles[style]), 0) * size,
  );
};

/** Lines of at most `width` pixels: broken at spaces, inside a word only where it does not fit by itself. */
export const wrap = (text: string, style: TextStyleName, width: number): string[] => {
  const fits = (line: string) => textWidth(line, style) <= width;
  const fragments = text
    .split(/[ \n\t]+/)
    .filter((word) => word !== "")
    .flatMap((word) => (fits(word) ? [word] : breakWord(word, fits)));
  return fill(fragments, " ", fits);
};

const breakWord = (word: string, fits: (line: string) => boolean): string[] => {
  const pieces = (word.match(WORD_PIECES) ?? []).flatMap((piece) => (fits(piece) ? [piece] : [...piece]));
  return fill(pieces, "", fits);
};

/** Puts as many pieces on each line as fit. */
const fill = (pieces: string[], joint: string, fits: (line: string) => boolean): string[] => {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const longer = `${last ?? ""}${joint}${piece}`;
    if (last !== undefined && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines;
};
