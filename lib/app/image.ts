/** References to container images. */
import { isFloating } from "../core/facts/images.ts";

export interface ImageReference {
  /** With the algorithm of a digest that stands alone, as charts put a colon behind it. */
  readonly repository: string;
  /** The tag, with the digest behind it when there is one; or the digest alone. */
  readonly tag: string;
}

/** `[registry/]path:tag[@sha256:…]` or `[registry/]path@sha256:…`. Source: github.com/distribution/reference. */
const REFERENCE =
  /^(?<repository>(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?:@sha256(?=:[0-9a-f]{64}$))?):(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(?:@sha256:[0-9a-f]{64})?)$/;

/** Undefined unless the reference names a tag or a digest. */
export const parseImage = (text: string): ImageReference | undefined => {
  const { repository, tag } = REFERENCE.exec(text)?.groups ?? {};
  return repository === undefined || tag === undefined ? undefined : { repository, tag };
};

/** Rules that a reference breaks. @param accepted ids of accepted risks */
export const imageProblems = (image: string, app: string, accepted: readonly string[]): string[] => {
  if (parseImage(image) === undefined || image.endsWith(":latest"))
    return ["must be repository:tag with an exact tag, not latest"];
  const risk = floatingImageRisk(app);
  return isFloating(image) && !accepted.includes(risk)
    ? [`must have a digest or a tag of one exact version, or the accepted risk ${risk}`]
    : [];
};

const FLOATING = "floating-image-";

/** The id of the accepted risk that lets images of an app move. */
export const floatingImageRisk = (app: string): string => `${FLOATING}${app}`;

/** The app that an accepted risk lets have images that move; undefined for other risks. */
export const floatingImageApp = (risk: string): string | undefined =>
  risk.startsWith(FLOATING) ? risk.slice(FLOATING.length) : undefined;
