// The whole story as it is read, colour off.

import Testing

@testable import Reporting

@Suite("Human report of a whole story")
struct WholeStoryTests {
    @Test("tells what leaked, where it lives and what to do, in that order")
    func whole() {
        #expect(
            HumanReport(now: Story.now).text(for: Story.whole)
                == #"""
                /home/ana/fluxion on main: the whole repository
                6 secrets in 3 dotenv files and 3 other files; 3 are pushed.

                Pushed (3): out of your hands; replace and revoke
                  critical  SENDGRID_API_KEY  SendGrid API key
                            SG.abcdefghijKLMNOPQRSTuv********
                    at      backend/.env:3:18, also in backend/.env.production and
                            backend/mail.py
                    lives   in HEAD, index and worktree; main, origin/main, tag v1.0
                    added   2025-08-12 (3 months ago) by Ana Lopez in c1c1c1c1c1
                  high      SQL_SERVER_PASSWORD  Secret in a dotenv file  ********
                    at      backend/.env.production:7:21
                    lives   only in history; main, origin/main, tag v1.0
                    added   2025-08-12 (3 months ago) by Ana Lopez in c1c1c1c1c1
                    removed 2025-11-04 (2 weeks ago) by José Núñez in c5c5c5c5c5
                  high      JWT_SECRET_KEY  Secret in a dotenv file  ********
                    at      backend/.env:5:16
                    lives   in HEAD and index; main, origin/main, tag v1.0
                    added   2025-08-12 (3 months ago) by Ana Lopez in c1c1c1c1c1

                Committed; on no remote-tracking branch (1): may still be kept here, unless a
                tag or note was pushed: see `git ls-remote`
                  medium    SESSION_SECRET  Secret in a dotenv file  ********
                    at      backend/.env.development:2:16
                    lives   in HEAD; main
                    added   2025-11-24 (just now) by Ana Lopez in c8c8c8c8c8

                Not committed yet (1): the next commit could take it
                  medium    API_TOKEN  Secret in a dotenv file  ********
                    at      scripts/try.sh:4:11
                    lives   in an untracked file

                Left over (1): only in stashes, reflogs or unreachable objects
                  high      STRIPE_KEY  Secret in a dotenv file  ********
                    at      notes.txt:1:1
                    lives   only in stash, reflog
                    added   2025-11-15 (9 days ago) by Ana Lopez in c9c9c9c9c9

                Dotenv files in git (4)
                  backend/.env  tracked, 4 versions, pushed
                    2 secrets: SENDGRID_API_KEY, JWT_SECRET_KEY*
                    1 connection string with password: DATABASE_URL
                    and 1 public value, 5 settings and 1 reference
                    * dialects (node, python, compose, shell) read its value differently
                  backend/.env.development  tracked, 1 version
                    1 secret: SESSION_SECRET
                  backend/.env.example  template, 2 versions, pushed
                    holds no real values: it may stay
                  backend/.env.production  only in history, 3 versions, pushed
                    2 secrets: SENDGRID_API_KEY, SQL_SERVER_PASSWORD
                    and 1 empty value

                .gitignore would not stop the next one
                  get through: .env, .env.local, backend/.env.staging
                  tracked although ignored: backend/.env
                  append to .gitignore:
                      .env
                      .env.*
                      !.env.example

                Local dotenv files: ignored by git, no leak; sources to migrate
                  backend/.env.local  1 secret, 1 other entry

                Note: The submodule vendor/lib was not asked for.

                What to do, in this order
                 1.  Replace and revoke the SendGrid API key (SENDGRID_API_KEY)
                     If something still runs on it, put a new one in place first; if it may be
                     abused, revoke at once. Revoke by key id: abcdefghijKLMNOPQRSTuv. Page:
                     https://app.sendgrid.com/settings/api_keys
                 2.  Change SQL_SERVER_PASSWORD and JWT_SECRET_KEY
                     Others can know the old values. Replace the value where it is issued.
                 3.  Do not commit API_TOKEN
                     No commit has it yet. Take the value out of scripts/try.sh, or ignore the
                     file.
                 4.  Do not push SESSION_SECRET
                     Only the last commit has it. Mend the files as below, then amend that
                     commit instead of adding one.
                         git commit --amend
                 5.  Stop tracking 2 dotenv files
                     They stay on this disk, but pulling that commit deletes them elsewhere:
                     copy first where something runs on them.
                         git rm --cached -- backend/.env backend/.env.development
                 6.  Take the value out of tracked files
                     Read from the environment instead: backend/mail.py:12.
                 7.  Append these 3 lines to .gitignore
                     They stand above, under .gitignore.
                 8.  Change STRIPE_KEY and SESSION_SECRET too if this repository was ever copied
                     A backup, a build machine or a shared disk would have them.
                 9.  Later, drop the stashes that hold a secret
                     Look through them with `git stash show -p`; `git stash drop` takes one
                     away. The reflog expires by itself, by default within 90 days.
                         git stash list
                 10. Last, and perhaps never: rewrite history
                     A revoked value in old commits opens nothing; rewriting breaks every clone
                     and reaches neither forks nor caches.

                Looked at 12 commits, 80 blobs and 10 files (1.2 MB), 214 rules in 0.05 s; left
                out 3 placeholders and public values.

                """#)
    }
}
