#!/usr/bin/env bash
# Builds the sample repository afresh and goes through the whole checklist with it, as one engineer would in a day: the
# values go into a vault of its own, and a double of SendGrid on this machine plays the account. Nothing is sent
# anywhere, and nothing of yours is read or written. Whatever is not as it should be ends the demo with an error.
#
#   scripts/demo.sh [FOLDER]    FOLDER (must not exist yet) is where it happens; by default .build/demo, made anew
#
# MIGRATE_PROGRAM names another binary than the release build's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${MIGRATE_PROGRAM:-$here/../.build/release/migrate}
[[ -x $program ]] || { echo "demo: there is no $program; build it first" >&2; exit 1; }
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

if (($# > 0)); then
    folder=$1
    [[ ! -e $folder ]] || { echo "demo: $folder exists already" >&2; exit 1; }
else
    folder=$here/../.build/demo
    rm -rf "$folder"
fi
umask 077
mkdir -p "$folder/bin"
folder=$(cd "$folder" && pwd)
# Under its own name, for the commands of the settings as well.
ln -s "$program" "$folder/bin/migrate"
PATH=$folder/bin:$PATH

say() { printf '\ndemo: %s\n' "$*" >&2; }
fail() { printf '\ndemo: %s\n' "$*" >&2; exit 1; }
# show EXPECTED WORDS…: runs `migrate WORDS…`, whose exit code must be the expected one.
show() {
    local expected=$1 status=0
    shift
    local words="$*"
    printf '\n$ migrate %s\n\n' "${words// --answer/$'\n'    --answer}" >&2
    migrate "$@" || status=$?
    ((status == expected)) || fail "migrate $1 exited with $status where $expected was expected"
}

say "a sample repository in $folder/fluxion, with its fake secrets"
python3 "$here/make-demo-repository.py" "$folder/fluxion" --manifest "$folder/planted.json"

# All of its SendGrid keys are alive at the double. It says at which URL it is, and with which key that account is managed.
python3 - "$folder/planted.json" >"$folder/seeds" <<'PYTHON'
import json, sys
for item in json.load(open(sys.argv[1])):
    if item["kind"] == "sendgrid-api-key":
        print(json.dumps({"name": f"fluxion, {item['place']}", "scopes": ["mail.send"], "key": item["value"]}))
PYTHON
python3 "$here/sendgrid-double.py" <"$folder/seeds" >"$folder/double" 2>"$folder/double.errors" &
double=$!
echo "$double" >"$folder/double.pid"
# The benchmark goes on with it, and ends it.
end_double() {
    [[ -z ${DEMO_KEEPS_DOUBLE:-} ]] || return 0
    kill "$double" 2>/dev/null && wait "$double" 2>/dev/null || true
}
trap end_double EXIT
for _ in {1..300}; do
    url=$(sed -n 's/^url=//p' "$folder/double") admin=$(sed -n 's/^admin=//p' "$folder/double")
    [[ -z $url || -z $admin ]] || break
    sleep 0.1
done
[[ -n $url && -n $admin ]] || fail "the double of SendGrid did not start"
export MIGRATE_SENDGRID_URL=$url SENDGRID_ADMIN_KEY=$admin
unset AWS_SECRET_NAME MIGRATE_VAULT_PASSPHRASE
cd "$folder/fluxion"
git config user.name "Mara Lindqvist"
git config user.email mara@fluxion.example
git config commit.gpgSign false
git config core.hooksPath /dev/null

say "what has leaked; exit code 1 says that there are findings"
show 1 scan --quiet

say "the settings: found by migrate, then completed by hand"
printf '\n$ migrate init --store local --secret fluxion/production --yes\n\n' >&2
# What follows is the file itself, which lies in .migrate/config.yml.
migrate init --store local --secret fluxion/production --yes | sed '/^Checklists/,$d'
# What an engineer adds by hand: where the vault is, which commands show that things work, where production has its
# variables. The last `steps:` of the file goes, with all that is only suggested below it.
sed -i.bak '/^steps:/,$d' .migrate/config.yml && rm .migrate/config.yml.bak
cat >>.migrate/config.yml <<SETTINGS
steps:
  local-development:
    env-file: backend/.env.development
    run: [python3, deploy/check.py, PORT, SQL_SERVER_HOST, SQL_SERVER_PASSWORD]
  production-config:
    places: [deploy/fluxion.service]
  # There is no production here. This starts what stands for it: a check that sees nothing but the secret's values.
  production-test:
    run: [env, AWS_SECRET_NAME=fluxion/production, migrate, run, --, python3, deploy/check.py, --mail,
          DATABASE_URL, JWT_SECRET_KEY, SENDGRID_API_KEY]
  # A minute between the two proofs is the rule; nobody wants to wait for that in a demo.
  delete-old-keys:
    seconds-apart: 5
  rotation-schedule:
    owner: Mara Lindqvist

vault:
  folder: $folder/vault
  key-file: $folder/vault.key
SETTINGS
# Commands get the values of the file as they stand; one refers to another, which migrate does not resolve.
sed -i.bak 's/\${PORT}/8001/' backend/.env.development && rm backend/.env.development.bak
cat >deploy/check.py <<'PYTHON'
"""Fails unless all variables named have a value; with --mail, SendGrid must let the key in as well."""
import os
import sys
import urllib.request

names = [name for name in sys.argv[1:] if name != "--mail"]
missing = [name for name in names if not os.environ.get(name)]
if missing:
    sys.exit(f"not set: {', '.join(missing)}")
if "--mail" in sys.argv:
    request = urllib.request.Request(os.environ["MIGRATE_SENDGRID_URL"] + "/v3/scopes")
    request.add_header("Authorization", "Bearer " + os.environ["SENDGRID_API_KEY"])
    urllib.request.urlopen(request, timeout=10).close()
PYTHON
cat >deploy/fluxion.service <<'UNIT'
[Service]
Environment=AWS_SECRET_NAME=fluxion/production
ExecStart=/usr/bin/uvicorn backend.main:app
UNIT

say "what there is to do"
show 0 plan

# Merged long ago; the other branch is left alone, by an answer.
git branch --quiet --delete feature/reports
# A person would set a new password at the database and type it here.
python3 -c 'import secrets
print(f"postgresql://fluxion:{secrets.token_hex(12)}@prod.fluxion.example:5432/fluxion")' >"$folder/new-database-url"
answers=(
    --yes --suggested
    --answer replace/AWS_ACCESS_KEY_ID=skip --answer replace/AWS_SECRET_ACCESS_KEY=skip
    --answer-from value/DATABASE_URL="$folder/new-database-url"
    --answer branches=leave
    --answer "restart-consumers:attest=demo: nothing is deployed, so there was nothing to restart"
    --answer "other-credentials:done/*=accepted"
    --answer "other-credentials:reason/*=demo: made up, and never worked anywhere"
)
say "one step is left out, in the open: nobody installs a hook in a demo"
show 0 waive gate --reason "demo: its hook is not installed here" --until 30d
say "all steps, until the next one is a person's: here, the commit"
show 1 apply --all "${answers[@]}"

say "the commit; the other files on this desk stay out of it"
git add .gitignore .migrate backend/.env.example deploy/check.py deploy/fluxion.service
git commit --quiet --message "Stop tracking .env files"
git show --stat --format=%s HEAD

say "all that is left; the proof that the old keys are dead takes two looks, here five seconds apart"
show 0 apply --all --yes --wait 1m
git add .migrate docs
git commit --quiet --message "Write down how the migration went"

say "the finished list, asked of the world once more"
show 0 status
show 0 verify --format json >"$folder/verify.json"

say "what the secret holds now, and what an application gets of it"
export AWS_SECRET_NAME=fluxion/production
show 0 secret get
show 0 run -- sh -c 'for name in DATABASE_URL JWT_SECRET_KEY SENDGRID_API_KEY; do
    eval "test -n \"\$$name\"" && echo "the application sees $name"; done'
say "done. The values are in an encrypted file under $folder/vault; all else is in $folder/fluxion"
