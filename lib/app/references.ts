/** Other apps that a declaration refers to, found when all of them are there. */
import { suggestion } from "../../environments/did-you-mean.ts";
import type { AppDeclaration, AppReference, DeclaredLink, Link } from "./declaration.ts";
import { lineOf } from "./problem-line.ts";

/** Finds the app that is meant; throws when there is none. */
export type AppFinder = (reference: AppReference) => AppDeclaration;

export const finderAmong = (apps: readonly AppDeclaration[]): AppFinder => {
  const byName = new Map(apps.map((each) => [each.name, each]));
  return (reference) => {
    const found = typeof reference === "string" ? byName.get(reference) : madeBy(reference);
    if (found === undefined)
      throw new Error(`must be the name of an app${near(reference, [...byName.keys()])}`);
    return found;
  };
};

const madeBy = (reference: Exclude<AppReference, string>): AppDeclaration | undefined =>
  typeof reference === "function" ? reference() : reference;

const near = (reference: AppReference, names: readonly string[]): string =>
  typeof reference === "string" ? suggestion(reference, names) : ", or a function that gives one";

export const linkFound = (link: DeclaredLink, find: AppFinder): Link => {
  if (link.kind === "uses") return { ...link, app: find(link.app) };
  return link.kind === "reached" ? { ...link, from: find(link.from) } : link;
};

/** A line for each reference of a declaration to an app that there is not. */
export const referenceLines = ({ name, props }: AppDeclaration, find: AppFinder): string[] => {
  const links = [
    ["network", props.network] as const,
    ...Object.entries(props.override ?? {}).map(
      ([environment, override]) => [`override.${environment}.network`, override?.network] as const,
    ),
  ];
  const references: (readonly [string, AppReference])[] = [
    ...(props.database ? [["database.on", props.database.on] as const] : []),
    ...(props.dependsOn ?? []).map((each, at) => [`dependsOn[${at}]`, each] as const),
    ...links.flatMap(([path, each = []]) =>
      each.flatMap((link, at): (readonly [string, AppReference])[] => {
        if (link.kind === "uses") return [[`${path}[${at}].app`, link.app]];
        return link.kind === "reached" ? [[`${path}[${at}].from`, link.from]] : [];
      }),
    ),
  ];
  return references.flatMap(([path, reference]) => {
    try {
      find(reference);
      return [];
    } catch (error) {
      return [lineOf(name)(path, error instanceof Error ? error.message : String(error), reference)];
    }
  });
};
