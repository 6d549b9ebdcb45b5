/** A mirror made of empty files. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROVIDER_PLATFORM, ProviderMirror } from "../../../labs/contract/provider-mirror.ts";

export const emptyMirror = (): ProviderMirror => new ProviderMirror(mkdtempSync(join(tmpdir(), "mirror-")));

const touch = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
};

export const addUnpacked = (mirror: ProviderMirror, source: string, version: string): void =>
  touch(mirror.programOf(source, version));

export const addPacked = (
  { directory }: ProviderMirror,
  source: string,
  version: string,
  platform = PROVIDER_PLATFORM,
): void =>
  touch(
    join(
      directory,
      "registry.terraform.io",
      source,
      `terraform-provider-${source.split("/").at(-1)}_${version}_${platform}.zip`,
    ),
  );
