/** References to container images. */

export interface ImageReference {
  readonly repository: string;
  /** The tag, with the digest behind it when there is one. */
  readonly tag: string;
}

/** `[registry/]path:tag[@sha256:…]`. Source: github.com/distribution/reference. */
const REFERENCE =
  /^(?<repository>(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*):(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(?:@sha256:[0-9a-f]{64})?)$/;

/** Undefined unless the reference names an exact tag that is not `latest`. */
export const parseImage = (text: string): ImageReference | undefined => {
  const { repository, tag } = REFERENCE.exec(text)?.groups ?? {};
  if (repository === undefined || tag === undefined) return undefined;
  return tag.split("@")[0] === "latest" ? undefined : { repository, tag };
};
