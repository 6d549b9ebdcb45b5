/** Exceptions to the network standard, which every report lists. */

import { isFields } from "../../lib/core/fields.ts";
import { EXCEPTION_PREFIX } from "../../lib/network/exceptions.ts";

/** A line for each exception among policy objects, with its review date and its reason. */
export const exceptionNotes = (policies: readonly unknown[]): readonly string[] =>
  policies.filter(isFields).flatMap(({ metadata, spec, specs }) => {
    const name = isFields(metadata) ? String(metadata.name) : "";
    if (!name.startsWith(EXCEPTION_PREFIX)) return [];
    const [why] = [spec, ...(Array.isArray(specs) ? specs : [])]
      .filter(isFields)
      .flatMap(({ description }) => (typeof description === "string" ? [description] : []));
    return [`${name}: ${why ?? "nothing says why"}`];
  });
