// The checklists in Checklists/, compiled in. Made by scripts/embed-checklists.sh: change the files there, not this one.

/// The checklists that come with the program, in the order of their ids.
package enum BuiltInChecklists {
    package static let all: [BuiltInChecklist] = [
        BuiltInChecklist(
            id: "aws-secrets-manager",
            text: ##"""
                # From committed .env files to AWS Secrets Manager.
                #
                # The steps stand in the order in which one reads and ticks them off. The order in which they are done follows from
                # what each of them needs: as a rule, production has the new values before the old ones die.

                id: aws-secrets-manager
                title: From committed .env files to AWS Secrets Manager
                about: >
                  Moves the values of .env files into AWS Secrets Manager, replaces and revokes what has leaked, and takes the files out
                  of git. Production keeps running: old keys are revoked when the new ones are in use. With --emergency they are revoked
                  first.

                steps:
                  - id: revoke-keys
                    kind: sendgrid-revoke
                    title: Revoke exposed API keys in SendGrid dashboard
                    why: >
                      Whoever has a copy of this repository can send mail with these keys, until SendGrid is told otherwise. Deleting a
                      file or a commit does not change that.
                    needs: [restart-consumers]
                    emergency-needs: []

                  - id: create-sendgrid-key
                    kind: sendgrid-create-key
                    title: Create new SendGrid API key
                    why: >
                      It takes the place of the leaked one. It may only send mail, as that is all that most applications do with it, and
                      it goes straight into the secret, so that nobody sees it.
                    with:
                      scopes: [mail.send]
                    # SendGrid shows a key once: there must be a place to put it.
                    needs: [create-secret]

                  - id: create-secret
                    kind: create-secret
                    title: Create AWS secret
                    why: One secret holds all values of one environment, encrypted, with its versions and a record of who reads it.

                  - id: store-values
                    kind: store-values
                    title: Store all secrets in AWS
                    why: >
                      All values go in at once, as one version. Those that have leaked are replaced where that is possible, and never
                      carried over without a word.
                    # With the new key there already, the leaked one is not stored for even a moment.
                    needs: [create-secret, create-sendgrid-key]

                  - id: verify-values
                    kind: verify-values
                    title: Verify secrets
                    why: >
                      Read back from the store: every key is there, none is empty or a placeholder, and none is a value that has leaked.
                      Everything that follows relies on it.
                    needs: [store-values]

                  - id: env-example
                    kind: dotenv-template
                    title: Update .env.example with placeholders
                    why: It tells the next developer which variables there are, without a value of any of them.
                    needs: [verify-values]

                  - id: gitignore
                    kind: gitignore
                    title: Update .gitignore to exclude all .env files
                    why: >
                      All variants in all folders, but not the templates. A rule further down can take another one back, so the result
                      is tried.

                  - id: untrack
                    kind: untrack
                    title: Remove .env files from git
                    why: >
                      Git follows what it tracks, whatever .gitignore says. The files stay in your folder; but whoever pulls this commit
                      loses theirs, which is why the values are in the store before.
                    needs: [gitignore, verify-values]

                  - id: local-development
                    kind: command
                    title: Test local development still works with .env.development
                    why: Nothing is won if the next developer has to commit a file again to get to work.
                    with:
                      env-file: .env.development
                      attest: How did you see that local development still works with .env.development?
                    needs: [untrack]

                  - id: production-config
                    kind: production-config
                    title: Configure production environment with AWS_SECRET_NAME
                    why: From here on, production reads its values from the secret.
                    with:
                      variable: AWS_SECRET_NAME
                    needs: [verify-values]

                  - id: production-test
                    kind: command
                    title: Test production deployment
                    why: >
                      The old keys still work, so this is the last chance to find out without an outage that something else does not.
                    with:
                      attest: How did you see that the production deployment works with the values from the secret?
                      after-version: true
                    needs: [production-config]

                  - id: restart-consumers
                    kind: command
                    title: Restart all consumers before the old keys die
                    why: >
                      A process keeps the values it has read at its start. Workers, scheduled jobs and replicas that nobody has
                      restarted would fail when the old key does.
                    with:
                      attest: Which services have been restarted since the secret got its current version?
                      after-version: true
                    needs: [production-test]

                  - id: delete-old-keys
                    kind: sendgrid-proof
                    title: Delete old API keys from SendGrid
                    why: >
                      The proof: SendGrid knows the keys no more, and refuses them twice, a minute apart, as a revocation takes a while
                      to reach all of its servers.
                    with:
                      seconds-apart: 60
                    needs: [revoke-keys]

                  - id: other-credentials
                    kind: other-credentials
                    title: Revoke leaked credentials of other providers
                    why: A .env file seldom holds one key only. Each of these has its own place where it is revoked.
                    needs: [restart-consumers]
                    emergency-needs: []

                  - id: rotation-schedule
                    kind: rotation-schedule
                    title: Document secret rotation schedule
                    why: Who replaces which value, and when next. Nobody remembers in three months.
                    with:
                      document: docs/secret-rotation.md
                      days: 90
                    needs: [verify-values]

                  - id: history
                    kind: history
                    title: Check history for values that still work
                    why: >
                      Old commits, other branches, tags and stashes keep what was committed, and so do all clones. What is found there
                      must be revoked, or somebody must answer for it.
                    needs: [delete-old-keys, other-credentials]

                  - id: gate
                    kind: gate
                    title: Install the gate against the next leak
                    why: A hook and a check in continuous integration stop the next value before it is in the history.
                    with:
                      attest: Which hook or check refuses a commit with a secret in it, and where does it run?
                    # Before, it would stop the very commits that mend this.
                    needs: [untrack]

                  - id: access-watch
                    kind: access-watch
                    title: Watch who reads the secret
                    why: CloudTrail records every reader. Those that nobody expects have found something.
                    with:
                      hours: 24
                    needs: [production-test]

                """##
        ),
        BuiltInChecklist(
            id: "leak-response",
            text: ##"""
                # A key is known to be abused: stop that first.
                #
                # What still uses the old keys fails from the first step on, until the new ones are in place. Where there is no sign of
                # abuse, aws-secrets-manager does the same without an outage.

                id: leak-response
                title: Response to a leaked key
                about: >
                  For keys that are being abused, or that lie open to the world: revokes first, then replaces, stores and cleans up.
                  What uses the old keys stops working until the new ones are in place.

                steps:
                  - id: revoke-keys
                    kind: sendgrid-revoke
                    title: Revoke exposed SendGrid API keys at once
                    why: Every minute counts for whoever has the key; an outage is the smaller harm.

                  - id: other-credentials
                    kind: other-credentials
                    title: Revoke leaked credentials of other providers
                    why: Whoever found one key in a file has found those beside it.

                  - id: delete-old-keys
                    kind: sendgrid-proof
                    title: Prove that the old SendGrid keys are dead
                    why: A revocation takes a while to reach all servers. It counts when the key was refused twice, a minute apart.
                    with:
                      seconds-apart: 60
                    needs: [revoke-keys]

                  - id: create-secret
                    kind: create-secret
                    title: Create AWS secret
                    why: The new values need a place that is not the file which has leaked.

                  - id: create-sendgrid-key
                    kind: sendgrid-create-key
                    title: Create new SendGrid API key
                    why: With the right to send mail and nothing else, straight into the secret.
                    with:
                      scopes: [mail.send]
                    needs: [create-secret]

                  - id: store-values
                    kind: store-values
                    title: Store all secrets in AWS
                    why: Values that have leaked are replaced where that is possible, and never carried over without a word.
                    needs: [create-secret, create-sendgrid-key]

                  - id: verify-values
                    kind: verify-values
                    title: Verify secrets
                    why: Every key is there, none is empty or a placeholder, and none is a value that has leaked.
                    needs: [store-values]

                  - id: production-config
                    kind: production-config
                    title: Configure production environment with AWS_SECRET_NAME
                    why: The end of the outage begins here.
                    with:
                      variable: AWS_SECRET_NAME
                    needs: [verify-values]

                  - id: restart-consumers
                    kind: command
                    title: Restart all consumers with the new values
                    why: >
                      A process keeps the values it has read at its start; those with the old ones have been failing since the first
                      step.
                    with:
                      attest: Which services have been restarted since the secret got its current version?
                      after-version: true
                    needs: [production-config]

                  - id: production-test
                    kind: command
                    title: Test production deployment
                    why: The end of the outage is seen, not assumed.
                    with:
                      attest: How did you see that production works again with the values from the secret?
                      after-version: true
                    needs: [restart-consumers]

                  - id: gitignore
                    kind: gitignore
                    title: Update .gitignore to exclude all .env files
                    why: The new values must not go the way of the old ones.

                  - id: untrack
                    kind: untrack
                    title: Remove .env files from git
                    why: Git follows what it tracks, whatever .gitignore says. The files stay in your folder.
                    needs: [gitignore, verify-values]

                  - id: history
                    kind: history
                    title: Check history for values that still work
                    why: Old commits, branches, tags and stashes keep what was committed. What is found there must be revoked.
                    needs: [delete-old-keys, other-credentials]

                  - id: gate
                    kind: gate
                    title: Install the gate against the next leak
                    why: A hook and a check in continuous integration stop the next value before it is in the history.
                    with:
                      attest: Which hook or check refuses a commit with a secret in it, and where does it run?
                    needs: [untrack]

                  - id: access-watch
                    kind: access-watch
                    title: Watch who reads the secret
                    why: Whoever had the old values may come back for the new ones.
                    with:
                      hours: 24
                    needs: [production-test]

                """##
        ),
        BuiltInChecklist(
            id: "rotate-sendgrid",
            text: ##"""
                # Regular rotation of the SendGrid key. Nothing has leaked: the old key works until the new one is in use everywhere.
                #
                # A rotation begins when the key is due. What was tested and restarted counts for the version of the secret that was
                # current then: with the next key there is a new version, and those steps are open again.

                id: rotate-sendgrid
                title: Regular rotation of the SendGrid API key
                about: >
                  Replaces the SendGrid key in the secret by a new one, has everything that uses it restarted, and deletes the old one
                  when nobody needs it any more. For a key that has leaked, take aws-secrets-manager or leak-response.

                # Beside the checklist that has brought the secret to where it is, and with a state file of its own.
                recurring: true

                steps:
                  - id: create-key
                    kind: sendgrid-create-key
                    title: Create new key in SendGrid dashboard and update AWS secret
                    why: >
                      With the right to send mail and nothing else. It goes straight into the secret, so that nobody sees it. The old one
                      works on.
                    with:
                      rotate: true
                      days: 90
                      scopes: [mail.send]

                  - id: verify-values
                    kind: verify-values
                    title: Verify secrets
                    why: The version that everybody reads from now on holds the new key, and all other values as before.
                    needs: [create-key]

                  - id: restart-consumers
                    kind: command
                    title: Restart all consumers
                    why: A process keeps the key it has read at its start.
                    with:
                      attest: Which services have been restarted since the secret got its current version?
                      after-version: true
                    needs: [verify-values]

                  - id: test-key
                    kind: command
                    title: Test new key works
                    why: The old key still works, so this is the time to find out without an outage that something else does not.
                    with:
                      attest: How did you see that mail is sent with the new key?
                      after-version: true
                    needs: [restart-consumers]

                  - id: delete-old-key
                    kind: sendgrid-revoke
                    title: Delete old key from SendGrid dashboard
                    why: A key that nobody uses is one that nobody misses when it is stolen.
                    with:
                      which: replaced
                    needs: [test-key]

                  - id: prove-old-key-dead
                    kind: sendgrid-proof
                    title: See that the old key is dead
                    why: A revocation takes a while to reach all of SendGrid's servers. Dead is what is refused twice, a minute apart.
                    with:
                      which: replaced
                      seconds-apart: 60
                    needs: [delete-old-key]

                  - id: rotation-schedule
                    kind: rotation-schedule
                    title: Enter the rotation in the schedule
                    why: The next date counts from today.
                    with:
                      document: docs/secret-rotation.md
                      days: 90
                    needs: [prove-old-key-dead]

                """##
        ),
    ]
}
