#!/usr/bin/env bash
# Guards two promises of the architecture: a floor imports only floors below it, and nothing that is slow to start
# or slow to run (full Foundation, regular expressions of the standard library) gets into Sources/.
set -euo pipefail
cd "$(dirname "$0")/.."

# Our own modules that each floor may import, from the bottom up.
allowed() {
    case $1 in
        Secrets | World | Dotenv | Files) echo '' ;;
        JSON) echo 'Secrets' ;;
        HTTP) echo 'Files Secrets' ;;
        AWS) echo 'HTTP JSON Files Secrets World' ;;
        Stores) echo 'AWS HTTP JSON Files Secrets World' ;;
        SecretsManager) echo 'Stores AWS HTTP JSON Secrets World' ;;
        Delivery) echo 'Stores JSON Dotenv Secrets' ;;
        Settings) echo 'Detection Files' ;;
        Git) echo 'CLibgit2 Files' ;;
        Detection) echo 'CVectorscan Dotenv Files Secrets' ;;
        Scanning) echo 'Settings JSON Detection Dotenv Files Git Secrets World' ;;
        SendGrid) echo 'HTTP JSON Secrets World' ;;
        Checklist) echo 'Settings JSON Files Secrets World' ;;
        Gate) echo 'Scanning Settings JSON Detection Dotenv Files Git Secrets World' ;;
        Steps) echo 'Gate Checklist Delivery Scanning Stores AWS SendGrid HTTP JSON Settings Detection Dotenv Files Git Secrets World' ;;
        Reporting) echo 'Gate Checklist JSON Scanning Stores AWS Detection Dotenv Git Secrets World' ;;
        migrate) echo 'Reporting Gate Steps Checklist SendGrid Delivery Scanning Stores AWS HTTP JSON World Settings Detection Dotenv Files Git Secrets' ;;
        *) return 1 ;;
    esac
}

wrong=0
complain() {
    printf '%s\n' "$*" >&2
    wrong=1
}

import_line='^ *(@[A-Za-z]+(\([a-z]+\))? +)*((public|package|internal|fileprivate|private) +)?import +'
ours=" $(cd Sources && printf '%s ' *)"
for folder in Sources/*/; do
    floor=$(basename "$folder")
    [[ ! -e $folder/module.modulemap ]] || continue # a C library
    if ! allowed "$floor" >/dev/null; then
        complain "$folder: no floor has this name; add it to scripts/check-imports.sh"
        continue
    fi
    permitted=" $(allowed "$floor") "
    while IFS=: read -r file line text; do
        module=$(sed -E 's/.*import +((struct|class|enum|func|var|let|protocol) +)?([A-Za-z0-9_]+).*/\3/' <<<"$text")
        case $module in
            Foundation)
                # The one exception: FoundationEssentials where there is one, its parent where there is not (macOS).
                grep -q 'canImport(FoundationEssentials)' "$file" ||
                    complain "$file:$line: imports the whole of Foundation"
                ;;
            FoundationNetworking | FoundationXML | FoundationInternationalization)
                complain "$file:$line: imports $module" ;;
            *)
                [[ $ours != *" $module "* || $permitted == *" $module "* ]] ||
                    complain "$file:$line: $floor may not import $module"
                ;;
        esac
    done < <(grep -rnE "$import_line" --include='*.swift' "$folder" || true)
done

# Lines that are comments may say these words.
if grep -rnE '\b(NSRegularExpression|Regex(Builder)?)\b' --include='*.swift' Sources |
    grep -vE '^[^:]*:[0-9]+: *//'; then
    complain 'Sources: regular expressions of the standard library run at a few MB/s; use a rule, or a loop over bytes'
fi
exit "$wrong"
