#!/usr/bin/env bash
# Installs the packed package as a user does, and runs ten lines of JavaScript and of TypeScript with it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export PATH="$root/node_modules/.bin:$PATH"

cd "$root"
tarball=$(npm pack --silent --pack-destination "$folder" | tail -n 1)
cd "$folder"
printf '{ "name": "a-user", "private": true, "type": "module" }\n' > package.json
npm install --silent --no-audit --no-fund "./$tarball" jose @peculiar/x509
cp "$root"/scripts/try-package/* .

node plain.js
npx --yes=false --package "$root/node_modules/typescript" tsc --version >/dev/null 2>&1 || true
"$root/node_modules/.bin/tsc" --strict --module nodenext --target es2023 --lib es2024,esnext.disposable \
  --types node --typeRoots "$root/node_modules/@types" --skipLibCheck false --outDir out typed.ts
node out/typed.js
npx affiant --version
