/** Figures of the page about reachability are those of the policies that are synthesized now. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apps } from "../../apps/index.ts";
import { surroundingsOf } from "../../operations/explain/surroundings.ts";
import { answer, displayAnswer, parsePort } from "../../operations/reach/question.ts";
import { parsed } from "../stacks/homelab.ts";

const PAGE = readFileSync("docs/network/README.md", "utf8");
const [, environment = "", from = "", to = "", port = "", shown = ""] =
  /^\$ npm run homelab -- reach (\S+) --from (\S+) --to (\S+) --port (\S+)\n(.*?)\n```/ms.exec(PAGE) ?? [];

test("the answer that is shown is the answer that is given", () => {
  const { network } = surroundingsOf(parsed(environment), apps);
  const given = answer({ network, from, to, port: parsePort(port), translatesServices: true });
  expect(shown).toBe(displayAnswer(given));
});
