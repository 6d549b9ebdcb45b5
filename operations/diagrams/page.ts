import type { AssumptionMarks } from "./assumptions.ts";
import { type DiagramBlock, stack, text } from "./block.ts";
import { svgDocument } from "./svg.ts";

const MARGIN = 24;
const SECTION_GAP = 28;

export interface PageProps {
  /** Prefix of the ids in the document. */
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  /** The picture in words. */
  readonly description: string;
  readonly width: number;
  readonly blocks: readonly DiagramBlock[];
  /** Marks of the blocks, which the page explains below them. */
  readonly marks: AssumptionMarks;
}

/** Title, blocks under each other, and what is assumed in them. */
export const page = ({ id, title, subtitle, description, width, blocks, marks }: PageProps): string => {
  const legend = marks.legend(width);
  const content = stack(
    [
      stack([text(title, "title", width), text(subtitle, "prose", width)]),
      ...blocks,
      ...(legend ? [legend] : []),
    ],
    SECTION_GAP,
  );
  return svgDocument({
    id,
    title,
    description,
    width: width + 2 * MARGIN,
    height: content.height + 2 * MARGIN,
    elements: content.draw(MARGIN, MARGIN),
  });
};
