#!/usr/bin/env bash
# Runs a command in a copy of the project whose only homelab is an example, as somebody's own would be:
#
#   .ci/as-homelab.sh one-node home npm run --silent homelab -- simulate home
set -euo pipefail
cd "$(dirname "$0")/.."
example=$1 environment=$2
shift 2

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z -- . ':!environments/dev.ts' ':!environments/prod.ts' | xargs -0 cp --parents -t "$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"
ln -s "$PWD/.git" "$copy/.git"

facts="examples/$example/charts.json"
if [ -e "$facts" ]; then cp "$facts" "$copy/environments/recorded/charts/$environment.json"; else echo "{ \"kubernetes\": \"\", \"charts\": {} }" >"$copy/environments/recorded/charts/$environment.json"; fi
cd "$copy"
cat >environments/index.ts <<END
import { $environment } from "../examples/$example/environment.ts";

export const environments = [$environment];
END
echo "export { apps } from \"../examples/$example/apps.ts\";" >apps/index.ts
# The facts of its charts stand where those of dev were.
sed -i "s#\./charts/dev\.json#./charts/$environment.json#; s#RECORDED = { dev, prod }#RECORDED = { $environment: dev }#; /charts\/prod\.json/d" \
  environments/recorded/chart-facts.ts

"$@"
