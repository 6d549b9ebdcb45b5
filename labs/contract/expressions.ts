/** Terraform expressions inside the strings of a JSON configuration, as far as checks read them. */

/** The parts of a string that holds expressions. */
export interface Template {
  /** Every expression, those in nested templates included, without the texts in quotes. */
  readonly expressions: readonly string[];
  /** The expression that the string is, and nothing beside it; undefined for a text with expressions in it. */
  readonly whole: string | undefined;
}

/** A path through values that starts at a name: `data.http.ready.status_code`, `var.key`. */
export interface Traversal {
  readonly root: string;
  /** Names, and `INDEX` for the place in a list. */
  readonly steps: readonly string[];
  readonly text: string;
}

export const INSTANCE_KEY = "[…]";

/** Reads a string; undefined when it is a plain text. `$${` and `%%{` are plain. */
export const readTemplate = (text: string): Template | undefined => {
  const expressions: string[] = [];
  let whole: string | undefined;
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const opening = text.slice(at, at + 2);
    if (/^(\$\$|%%)$/.test(opening) && text[at + 2] === "{") {
      plain += text.slice(at, at + 3);
      at += 3;
    } else if (opening === "${" || opening === "%{") {
      const end = closing(text, at + 2);
      whole = text.slice(at + 2, end).trim();
      expressions.push(...unquoted(whole));
      at = end + 1;
    } else {
      plain += text[at];
      at++;
    }
  }
  if (whole === undefined) return undefined;
  return { expressions, whole: plain === "" && closing(text, 2) === text.length - 1 ? whole : undefined };
};

/** The index of the brace that closes an expression. */
const closing = (text: string, start: number): number => {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') at = endOfQuote(text, at);
    else if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return text.length;
};

/** The index of the quote that ends a quoted text. */
const endOfQuote = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.slice(at, at + 2) === "${") at = closing(text, at + 2);
    else if (text[at] === '"') return at;
  }
  return text.length;
};

/** An expression with its quoted texts emptied, and the expressions inside those. */
const unquoted = (expression: string): string[] => {
  let bare = "";
  const inner: string[] = [];
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] !== '"') {
      bare += expression[at];
      continue;
    }
    const end = endOfQuote(expression, at);
    const quoted = expression.slice(at + 1, end);
    inner.push(...(readTemplate(quoted)?.expressions ?? []));
    // A name in an index stays, for it is a step.
    bare += `"${/^[\w-]+$/.test(quoted) ? quoted : ""}"`;
    at = end;
  }
  return [bare, ...inner];
};

const TRAVERSAL = /(?<![\w.\-"\]])([A-Za-z_][\w-]*)((?:\.(?:[\w-]+|\*)|\[[^[\]]*\])+)(?!\s*\()/g;
const STEP = /\.([\w-]+|\*)|\[([^[\]]*)\]/g;
const LOOP = /\bfor\s+([A-Za-z_]\w*)(?:\s*,\s*([A-Za-z_]\w*))?\s+in\b/g;

/** Every traversal of an expression, loop variables left out. */
export const traversals = (expression: string): Traversal[] => {
  const loops = new Set([...expression.matchAll(LOOP)].flatMap(([, one, two]) => [one, two]));
  return [...expression.matchAll(TRAVERSAL)].flatMap(([text, root = "", rest = ""]) => [
    ...(loops.has(root) ? [] : [{ root, steps: steps(rest), text }]),
    ...[...rest.matchAll(STEP)].flatMap(([, , index = ""]) => traversals(index)),
  ]);
};

const steps = (rest: string): string[] =>
  [...rest.matchAll(STEP)].map(([, name, index = ""]) => {
    const step = name ?? /^"([\w-]+)"$/.exec(index)?.[1] ?? INSTANCE_KEY;
    return /^\d+$/.test(step) || step === "*" ? INSTANCE_KEY : step;
  });

const WHOLE = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[(?:\d+|"[\w-]+")\])+$/;

/** The traversal that an expression is and nothing beside it. */
export const wholeTraversal = (expression: string): Traversal | undefined =>
  WHOLE.test(expression) ? traversals(expression)[0] : undefined;
