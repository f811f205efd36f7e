#!/usr/bin/env bash
# Installs the packed package as a user does, and runs a short program in JavaScript and in TypeScript.
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
# As strict as a user may be: every declaration of ours is checked, with the default library.
tsc --strict --module nodenext --target es2022 --types node --typeRoots "$root/node_modules/@types" \
  --skipLibCheck false --outDir out typed.ts
node out/typed.js
npx affiant --version

# The oldest Node that the library supports. It comes as a package, so this needs no other system.
mkdir oldest && npm install --silent --no-audit --no-fund --prefix oldest node@22.0.0
PATH="$folder/oldest/node_modules/.bin:$PATH"
printf 'under Node %s: ' "$(node --version)"
node plain.js
