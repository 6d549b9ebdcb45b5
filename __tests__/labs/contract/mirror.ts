/** A mirror made of files that look like providers. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROVIDER_PLATFORM, ProviderMirror } from "../../../labs/contract/provider-mirror.ts";

export const emptyMirror = (): ProviderMirror => new ProviderMirror(mkdtempSync(join(tmpdir(), "mirror-")));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

export const addUnpacked = (mirror: ProviderMirror, source: string, version: string): void =>
  put(mirror.programOf(source, version), "#!/bin/false\n");

export const addPacked = (
  { directory }: ProviderMirror,
  source: string,
  version: string,
  platform = PROVIDER_PLATFORM,
): void =>
  put(
    join(
      directory,
      "registry.terraform.io",
      source,
      `terraform-provider-${source.split("/").at(-1)}_${version}_${platform}.zip`,
    ),
    `PK\x05\x06${"\0".repeat(18)}`,
  );
