/** Problems of any release in what Helm makes of it. */

import { floatingImages } from "../../lib/core/facts/images.ts";
import type { ChartAnswer } from "./chart-request.ts";

/** A problem by its place in the release. */
export interface RenderingProblem {
  readonly path: string;
  readonly rule: string;
  readonly value: unknown;
}

/** `values.a.b` of `/a/b`. */
const valuePath = (pointer: string): string =>
  `values${pointer.replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~")}`;

/** Facts that are about other values, values without effect, images that move. */
export const renderingProblems = (answer: ChartAnswer): RenderingProblem[] => {
  if ("problem" in answer) return [{ path: "values", rule: answer.problem, value: "other values" }];
  if (!answer.known) return [];
  return [
    ...answer.unusedValues.map((pointer) => ({
      path: valuePath(pointer),
      rule: `must change what chart ${answer.chart} ${answer.version} renders, and it changes nothing: misspelt, or without effect`,
      value: pointer.split("/").at(-1),
    })),
    ...floatingImages(answer.workloads).map(({ workload, container, image }) => ({
      path: `images.${workload}.${container}`,
      rule: "must have a digest, or a tag that names one exact version: this one moves",
      value: image,
    })),
  ];
};
