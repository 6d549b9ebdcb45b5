/** Kubernetes objects as Terraform holds them: a text of one or several documents, in which `${` may begin an expression. */
import { parseAllDocuments } from "yaml";
import { type Fields, isFields } from "../fields.ts";

/** A document, or why it cannot be read. */
export type ManifestDocument = { readonly value: unknown } | { readonly error: string };

/** The documents of a manifest, JSON as a rule. */
export const manifestDocuments = (text: string): ManifestDocument[] => {
  if (text.startsWith("{")) {
    try {
      return [{ value: JSON.parse(text) }];
    } catch {
      // YAML's braces, or none of both.
    }
  }
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    return error ? { error: error.message.split("\n")[0] ?? "" } : { value: document.toJS() };
  });
};

/** The objects of a manifest; documents that are none, and those that cannot be read, are left out. */
export const manifestObjects = (text: string): Fields[] =>
  manifestDocuments(text).flatMap((document) =>
    "value" in document && isFields(document.value) ? [document.value] : [],
  );

/** An expression that is not escaped: its value is known at the apply only. */
const EXPRESSION = /(^|[^$])\$\{|(^|[^%])%\{/;

export const holdsExpression = (text: string): boolean => EXPRESSION.test(text);

/** The text without Terraform's escapes. */
export const unescaped = (text: string): string => text.replaceAll("$${", "${").replaceAll("%%{", "%{");

/** An object as it is applied; undefined when an expression in it is known at the apply only. */
export const knownObject = <T extends object>(object: T): T | undefined => {
  const written = JSON.stringify(object);
  return holdsExpression(written) ? undefined : JSON.parse(unescaped(written));
};
