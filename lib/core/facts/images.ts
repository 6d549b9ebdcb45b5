/** Images of rendered pods, and whether their names move. */
import { podTemplateOf, type Workload } from "./rendered.ts";

/** `1.2.3`, `2024.10.22`, `1.34.10-1761014632`, or more numbers, with whatever stands around them. */
const EXACT = /(^|[^\d.])\d+\.\d+\.\d+/;
/** A commit, or the day and time of a build. */
const BUILD = /(^|[-.])([0-9a-f]{7,40}|\d{8,14})$/;
/** Names of a development branch, whatever number stands beside them. */
const BRANCH =
  /(^|[-.])(latest|stable|nightly|edge|main|master|dev|develop|snapshot|rolling|current|lts)([-.]|$)/i;

/** True when an image's name can mean another image tomorrow: it has no digest, and its tag is no exact version. */
export const isFloating = (image: string): boolean => {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined || BRANCH.test(tag)) return true;
  return !EXACT.test(tag) && !BUILD.test(tag);
};

/** The images of workloads that move. */
export const floatingImages = (
  workloads: readonly Workload[],
): { readonly workload: string; readonly container: string; readonly image: string }[] =>
  workloads.flatMap((workload) => {
    const { containers, initContainers = [] } = podTemplateOf(workload).spec;
    return [...initContainers, ...containers].flatMap(({ name, image = "" }) =>
      isFloating(image) ? [{ workload: workload.metadata.name, container: name, image }] : [],
    );
  });
