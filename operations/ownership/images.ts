/** Applies kustomize's `images` to the images of pods. */
import { type Fields, isFields, listOf, textOf } from "../../lib/core/fields.ts";

/** The object with images of other names, tags or digests, wherever it has containers. */
export const withImages = (object: Fields, { images }: Fields): Fields => {
  const changes = listOf(images).filter(isFields);
  return changes.length === 0 ? object : (changed(object, changes) as Fields);
};

const changed = (value: unknown, changes: readonly Fields[]): unknown => {
  if (Array.isArray(value)) return value.map((each) => changed(each, changes));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === "containers" || key === "initContainers"
        ? listOf(each).map((container) => (isFields(container) ? withImage(container, changes) : container))
        : changed(each, changes),
    ]),
  );
};

const withImage = (container: Fields, changes: readonly Fields[]): Fields => {
  const [, name = "", rest = ""] = /^(.*?)((?::[^:/@]+)?(?:@.*)?)$/.exec(textOf(container.image)) ?? [];
  const change = changes.find((each) => each.name === name);
  if (!change) return container;
  const { newName = name, newTag, digest } = change;
  const at =
    digest === undefined ? (newTag === undefined ? rest : `:${String(newTag)}`) : `@${textOf(digest)}`;
  return { ...container, image: `${textOf(newName)}${at}` };
};
