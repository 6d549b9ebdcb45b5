/** Secrets that stand in what an app sends, where everybody with access to ArgoCD reads them. */
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { fieldsOf, isFields } from "../core/fields.ts";
import type { HelmValue } from "./declaration.ts";
import { isDeclaredNoSecret } from "./not-secret.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { holdsSecret } from "./secret-keys.ts";
import { secretNames } from "./secrets.ts";
import { type Sender, type SentText, sentTexts } from "./written.ts";

/** A reference that is replaced in the pod or by Helm. */
const IS_REFERENCE =
  /^["']?(\$\(|\$\{|\$[A-Za-z_]|\{\{|%[({])|^(true|false|null|none|yes|no|on|off|enabled|disabled)$|^\/(var\/)?run\/secrets\//i;
/** `--password=x`, `--password x`, `DB_PASS=x`, `token: x`, in a command line or a file. */
const ASSIGNED =
  /(?:--?|(?:^|[\s"'{,;]))(?<name>[A-Za-z][\w.-]*)["']?(?:[ \t]*[=:][ \t]*|(?<=\s--?[\w.-]+|^--?[\w.-]+)\s+)(?:"(?<double>[^"\s]+)"|'(?<single>[^'\s]+)'|(?<bare>[^\s"',;}]+))/g;
/** `?user=web&password=x`, in a URL. */
const QUERY = /[?&](?<name>[\w.-]+)=(?<bare>[^&#\s"']+)/g;
const CREDENTIALS_IN_URL = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^@\s/]+)@/gi;
/** `curl -u name:password`, `Authorization: Bearer token`. */
const CREDENTIALS_IN_CALL = [
  /(?:^|\s)(?:-u|--user)[ =]["']?[^\s:"']+:([^\s"']+)/g,
  /\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{6,})/gi,
];
/** Tokens by their own form, which the recommended rules leave out: JWT, age, Telegram, and hashes of htpasswd. */
const TOKEN =
  /\beyJ[\w-]{10,}\.eyJ[\w-]{4,}\.[\w-]{10,}|\bAGE-SECRET-KEY-1[A-Z0-9]{20,}|\b\d{8,10}:AA[\w-]{30,}|\$apr1\$[^\s$]+\$/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY/;
/** Long enough that chance does not write it. */
const OPAQUE = /(?<![\w:/.@-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w./-])/g;
/** A part of a URL's path that lets in whoever knows it: a web hook's. */
const OPAQUE_PART = /(?<=:\/\/[^\s"']*\/)[A-Za-z0-9_-]{32,}(?=$|[/?#\s"'])/g;
const LEAST_ENTROPY = 4.2;

const isLiteral = (text: string, names: readonly string[]): boolean =>
  text !== "" && !IS_REFERENCE.test(text) && !names.includes(text) && !isDeclaredNoSecret(text);

const assigned = (text: string): { name: string; value: string }[] =>
  [...text.matchAll(ASSIGNED), ...text.matchAll(QUERY)].map(({ groups }) => ({
    name: groups?.name ?? "",
    value: groups?.double ?? groups?.single ?? groups?.bare ?? "",
  }));

/** Bits a letter. */
const entropy = (text: string): number =>
  [...new Set(text)]
    .map((letter) => (text.split(letter).length - 1) / text.length)
    .reduce((sum, share) => sum - share * Math.log2(share), 0);

const isOpaque = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text) && entropy(text) >= LEAST_ENTROPY;

const isSecret = ({ name, text }: SentText, names: readonly string[]): boolean => {
  if (!isLiteral(text, names)) return false;
  if (holdsSecret(name)) return true;
  return (
    PRIVATE_KEY.test(text) ||
    TOKEN.test(text) ||
    assigned(text).some(({ name, value }) => holdsSecret(name) && isLiteral(value, names)) ||
    [CREDENTIALS_IN_URL, ...CREDENTIALS_IN_CALL].some((form) =>
      [...text.matchAll(form)].some(([, password = ""]) => isLiteral(password, names)),
    ) ||
    [...text.matchAll(OPAQUE), ...text.matchAll(OPAQUE_PART)].some(
      ([token]) => isOpaque(token) && isLiteral(token, names),
    )
  );
};

/** A rule of secretlint, as far as it is used: it judges one text at once, and says where. */
interface Rule {
  readonly meta: { readonly defaultOptions?: object };
  create(
    context: object,
    options: object,
  ): { file?(source: { content: string; filePath: string; ext: string; contentType: "text" }): unknown };
}

/** Places in a text that secretlint's recommended rules find. */
const found = (content: string): number[] => {
  const places: number[] = [];
  const context = {
    sharedOptions: {},
    createTranslator: () => () => ({}),
    ignore: () => undefined,
    report: ({ range }: { range: readonly [number, number] }) => places.push(range[0]),
  };
  for (const rule of rules as readonly Rule[])
    rule
      .create(context, rule.meta.defaultOptions ?? {})
      .file?.({ content, filePath: "values", ext: "", contentType: "text" });
  return places;
};

/** Paths of leaves in which the rules find something; all are read at once, which costs a tenth. */
const knownForms = (leaves: readonly SentText[]): string[] => {
  const candidates = leaves.filter(({ text }) => text.length > 15 && !isDeclaredNoSecret(text));
  const starts: number[] = [];
  let content = "";
  for (const { text } of candidates) {
    starts.push(content.length);
    content += `${text}\n`;
  }
  return found(content).flatMap(
    (place) => candidates[starts.findLastIndex((start) => start <= place)]?.path ?? [],
  );
};

/** An object of kind Secret as text. */
const SECRET_TEXT = /^\s*kind:\s*["']?Secret\b[\s\S]*^\s*(string)?data:\s*$|^\s*stringData:\s*$/im;

/** Objects of kind Secret among values, with what is in them. */
const secretObjects = (value: HelmValue, path: string): string[] => {
  if (typeof value === "string") return SECRET_TEXT.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item, at) => secretObjects(item, `${path}[${at}]`));
  if (!isFields(value)) return [];
  const holds = (field: unknown) => isFields(field) && Object.keys(field).length > 0;
  if (holds(value.stringData)) return [path];
  if (value.kind === "Secret" && (holds(value.data) || holds(fieldsOf(value.spec).data))) return [path];
  return Object.entries(value as { [key: string]: HelmValue }).flatMap(([key, item]) =>
    secretObjects(item, path ? `${path}.${key}` : key),
  );
};

/** Paths of what looks like a secret in values, variables and flags. */
export const plainSecrets = (app: Sender & Pick<ResolvedApp, "name" | "secrets">): string[] => {
  const names = secretNames(app);
  const texts = sentTexts(app);
  return [
    ...new Set([
      ...texts.filter((text) => isSecret(text, names)).map(({ path }) => path),
      ...knownForms(texts),
      ...secretObjects(app.values, ""),
    ]),
  ];
};
