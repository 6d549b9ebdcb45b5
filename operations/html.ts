/** HTML pages that need nothing from outside, and may load nothing. */
import { createHash } from "node:crypto";
import { escapeXml } from "./diagrams/svg.ts";

export interface HtmlPage {
  readonly title: string;
  readonly style: string;
  /** Text of a module. @default - none */
  readonly script?: string;
  /** Texts of the style elements in the body. @default - none */
  readonly stylesInBody?: readonly string[];
  /** Markup; whoever writes it has escaped the texts in it. */
  readonly body: string;
}

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** A page as text. Its policy allows these styles and this script, by their hashes, and nothing else. */
export const htmlPage = ({ title, style, script, stylesInBody = [], body }: HtmlPage): string => {
  const styles = [style, ...stylesInBody].map(hashOf).join(" ");
  const policy = `default-src 'none'; style-src ${styles}${script === undefined ? "" : `; script-src ${hashOf(script)}`}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? "" : `<script type="module">${script}</script>\n`}</body>
</html>
`;
};
