#!/usr/bin/env bash
# Builds the sample repository afresh, scans it, and moves the values of its dotenv file into a vault of its own. Finding
# secrets there is success; anything else is not.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${MIGRATE_PROGRAM:-.build/release/migrate}
[[ $program == /* ]] || program=$PWD/$program
folder=.build/demo

rm -rf "$folder"
mkdir -p "$folder"
echo "demo: building a sample repository in $folder/fluxion" >&2
python3 scripts/make-demo-repository.py "$folder/fluxion"

cd "$folder"
printf 'demo: migrate scan fluxion\n\n' >&2
status=0
"$program" scan fluxion || status=$?
if ((status != 1)); then
    echo "demo: expected exit code 1 (findings), got $status" >&2
    exit 1
fi
printf '\ndemo: migrate exited with 1, which says that there are findings. All of them are fake.\n' >&2

# The embedded store: no account is needed, and nothing of yours is read or written.
store=(--store local --vault "$PWD/vault" --vault-key "$PWD/vault.key" --secret fluxion/production)
unset AWS_SECRET_NAME MIGRATE_VAULT_PASSPHRASE
show() {
    printf '\ndemo: migrate %s\n\n' "$*" >&2
    "$program" "$@"
}
cd fluxion
show secret import backend/.env.production "${store[@]}" --create --dialect python --yes
show secret generate JWT_SECRET_KEY "${store[@]}" --yes
show secret get "${store[@]}"
show secret history "${store[@]}"
show run "${store[@]}" -- sh -c \
    'echo "the application sees $(env | grep -cE "^(JWT_SECRET_KEY|SENDGRID_API_KEY|SQL_SERVER_PASSWORD)=") of its secrets"'
printf '\ndemo: done. The values are in an encrypted file under %s/vault.\n' "$folder" >&2
