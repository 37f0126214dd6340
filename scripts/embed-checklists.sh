#!/usr/bin/env bash
# Writes Checklists/*.yml into Sources/Checklist/BuiltInChecklists.swift, so that the binary is one file.
# With --check it writes nothing, and fails when the source is not what the files say.
set -euo pipefail
cd "$(dirname "$0")/.."

target=Sources/Checklist/BuiltInChecklists.swift

generate() {
    cat <<'HEAD'
// The checklists in Checklists/, compiled in. Made by scripts/embed-checklists.sh: change the files there, not this one.

/// The checklists that come with the program, in the order of their ids.
package enum BuiltInChecklists {
    package static let all: [BuiltInChecklist] = [
HEAD
    local file separator=
    for file in Checklists/*.yml; do
        if grep -q '"""##' "$file" || [[ -n $(tail -c 1 "$file") ]]; then
            echo "$file: it must end with a line's end, and must not hold \"\"\"##" >&2
            exit 1
        fi
        printf '%s        BuiltInChecklist(\n            id: "%s",\n            text: ##"""\n' \
            "$separator" "$(basename "$file" .yml)"
        sed 's/^\(.\)/                \1/' "$file"
        # The line's end before the closing marks is none of the text's: an empty line keeps the file's last one.
        printf '\n                """##\n        )'
        separator=$',\n'
    done
    printf ',\n    ]\n}\n'
}

if [[ ${1-} == --check ]]; then
    generate | diff -u "$target" - || {
        echo "$target is not what Checklists/ says: run scripts/embed-checklists.sh" >&2
        exit 1
    }
else
    # Whole or not at all.
    generate >"$target.new"
    mv "$target.new" "$target"
fi
