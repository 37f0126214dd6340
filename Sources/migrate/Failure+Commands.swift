// What commands refuse, and why.

import AWS
import Delivery
import Gate
import Reporting
import Scanning
import Steps
import Stores

extension Failure {
    static func commandWords(for error: any Error) -> Words? {
        switch error {
        case let error as PromptError: words(for: error)
        case let error as ArgumentRefusal: words(for: error)
        case let error as InitRefusal: error.words
        case let error as HookRefusal: error.words
        case let error as IgnoreRefusal: error.words
        case let error as DeliveryError: words(for: error)
        case let error as DotenvFailure: words(for: error)
        case let error as BrokenPrivateKey: words(for: error)
        case let error as ExportRefusal: words(for: error)
        case let error as NoSecretNamed:
            (
                .usage,
                "which secret? None is named"
                    + (error.key.map { ": \(quoted($0)) was taken for a key, as it has no /" } ?? "") + ".",
                (error.key.map { "for the secret of that name: --secret \(quoted($0)); else " } ?? "")
                    + "add --secret NAME, set AWS_SECRET_NAME, or put `secret: NAME` into .migrate/config.yml"
            )
        case let error as NoSuchKey:
            (
                .failed, "\(quoted(error.secret)) has no key \(quoted(error.key)).",
                error.others.isEmpty
                    ? "it has no keys at all."
                    : "its keys: " + Wording.list(error.others.map(clean), limit: 20)
            )
        case let error as EmptyValue:
            (
                .failed, "the value of \(quoted(error.key)) is empty; nothing was written.",
                "if it is meant to be: --allow-empty; to take the key away: migrate secret unset"
            )
        case let error as NoSuchFile: (.failed, "there is no file \(quoted(error.path)).", nil)
        case let error as NoLocalFile:
            (
                .failed,
                "AWS_SECRET_NAME is not set, and there is no local file \(error.names.joined(separator: " or ")).",
                error.configured.map {
                    "the settings name \(quoted($0)); if it is meant: migrate run --secret \(ShellWord.quote($0, sanitizer: Sanitizer())) -- ..."
                } ?? "name a secret with --secret, or a file with --dotenv"
            )
        case let error as AccountMismatch:
            (
                .failed,
                "this is account \(clean(error.found)), and .migrate/config.yml expects \(clean(error.expected)); nothing was done.",
                "use the right credentials (--profile, AWS_PROFILE), or correct `aws.expected-account`."
            )
        case let error as ChangeSuperseded:
            (
                .failed,
                "somebody else has changed \(Wording.list(error.keys.map(clean))) of \(quoted(error.secret)) meanwhile; nothing was overwritten.",
                "run it again to see what is there now."
            )
        case let error as LeakedOverwrite:
            (
                .failed,
                "values that are in this repository's history would take the place of others: "
                    + error.values.map { "\(clean($0.key)) (finding \($0.finding.fingerprint))" }.joined(
                        separator: ", ")
                    + "; nothing was written.",
                "add only what is missing: --keep-existing; if the old values must come back: --allow-leaked"
            )
        case let error as LeakedReturn:
            (
                .failed,
                "the rollback would bring back values that are in this repository's history: "
                    + error.values.map { "\(clean($0.key)) (finding \($0.finding.fingerprint))" }.joined(
                        separator: ", ")
                    + "; nothing was changed.",
                "whoever has the repository has these values. If they must come back for now: --allow-leaked"
            )
        case let error as NoSuchFinding:
            error.fingerprint.map {
                (.failed, "there is no finding \(quoted($0)) in this repository.", "list them: migrate scan")
            } ?? (.usage, "--finding takes the sixteen digits that migrate scan shows.", nil)
        case let error as WrongConfirmation:
            (.failed, "what was typed is not \(quoted(error.name)); nothing was deleted.", nil)
        case is StoreKindMismatch:
            (.usage, "this is about AWS, and the store is the local vault.", "add --store aws")
        case let error as KeyFileInWorktree:
            (
                .usage,
                "git does not ignore \(quoted(error.path)), so the next commit could take the vault's key along.",
                "add it to .gitignore, or keep it elsewhere: --vault-key"
            )
        case let error as NoFallbackFile:
            (
                .usage, "there is no file \(quoted(error.path)) to fall back to.",
                "name one that is there, or leave out --fallback"
            )
        case is NoHomeFolder:
            (.failed, "there is no home folder to keep the vault in.", "name places with --vault and --vault-key")
        case let error as IAMPolicy.Refusal: words(for: error)
        default: nil
        }
    }

    private static func words(for error: IAMPolicy.Refusal) -> Words {
        switch error {
        case .account(let text): (.usage, "\(quoted(text)) is no account number of twelve digits.", nil)
        case .region(let text): (.usage, "\(quoted(text)) is no region.", nil)
        case .name(let text): (.usage, "\(quoted(text)) is no secret's name that a policy could hold.", nil)
        case .noNames: (.usage, "a policy needs at least one secret.", nil)
        case .kmsKey(let text): (.usage, "\(quoted(text)) is no KMS key's id, ARN or alias.", nil)
        }
    }

    private static func words(for error: PromptError) -> Words {
        switch error {
        case .noTerminal(let need, let remedy):
            (.usage, "\(clean(need)) is needed, and there is no terminal to ask at.", remedy)
        case .cancelled: (.failed, "cancelled; nothing was changed.", nil)
        case .notOneLine:
            (
                .failed,
                "what was typed has more than one line, or is longer than a line at a terminal can be; nothing was changed.",
                "use a pipe, or --from-file FILE"
            )
        }
    }

    private static func words(for error: ArgumentRefusal) -> Words {
        switch error {
        case .looksLikeValue(let command):
            (
                .usage,
                "an argument is no key; if it is a value, it does not belong on the command line, where the shell's history and other processes see it.",
                command == "secret set"
                    ? "printf %s \"$VALUE\" | migrate secret set KEY, or leave it out and be asked; a secret whose name has no / goes after --secret"
                    : "migrate \(command) [SECRET] KEY; a secret whose name has no / goes after --secret"
            )
        case .notASecret:
            (
                .usage, "an argument is no secret's name; if it is a value, it does not belong on the command line.",
                "name the secret, or leave it out; values come from the secret itself"
            )
        case .twoSecrets: (.usage, "two secrets are named; which one is meant?", "leave out --secret, or the other")
        case .noKey(let command): (.usage, "which key?", "migrate \(command) KEY")
        }
    }

    private static func words(for error: DeliveryError) -> Words {
        switch error {
        case .refused(let keys):
            (
                .failed, clean(DeliveryWords.refused(keys)) + ".",
                keys.contains { if case .protected = $0.reason { true } else { false } }
                    ? "leave such keys out with --except, or add --allow-protected"
                    : keys.contains { if case .unwritable = $0.reason { true } else { false } }
                        ? "say who reads the file (--dialect), use another format, or leave such keys out with --except"
                        : "leave such keys out with --except"
            )
        case .noSuchKeys(let keys): (.failed, "there is no key \(Wording.list(keys.map(clean))).", nil)
        case .empty: (.failed, "there are no values.", nil)
        case .environmentTooLarge(let bytes, let limit, let longest):
            (
                .failed,
                "the environment would have \(Wording.grouped(bytes)) bytes, and the system passes on \(Wording.grouped(limit)) at most"
                    + (longest.map { "; the longest value is that of \(clean($0))" } ?? "") + ".",
                "pass fewer keys: --only, --except"
            )
        case .needsARN(let format):
            (
                .failed, "\(format.rawValue) points at a secret of AWS, and the local vault has no ARN.",
                "use --store aws, or a format with values"
            )
        case .invalidPrefix(let prefix):
            (.usage, "no environment variable's name can begin with \(quoted(prefix)).", nil)
        case .invalidResourceName(let name): (.usage, "\(quoted(name)) is no name for such an object there.", nil)
        }
    }

    private static func words(for error: BrokenPrivateKey) -> Words {
        (
            .failed,
            "\(quoted(error.path)):\(error.line): a private key begins and does not end in one entry; nothing was written.",
            "put the whole key in double quotes, or store it with: migrate secret set KEY --from-file key.pem"
        )
    }

    private static func words(for error: DotenvFailure) -> Words {
        let file = quoted(error.path)
        switch error.reason {
        case .empty: return (.failed, "\(file) has no values to take.", nil)
        case .noSuchKeys(let keys):
            return (.failed, "\(file) has no key \(Wording.list(keys.map(clean))); nothing was done.", nil)
        case .refused(let refusals):
            let isAmbiguous = refusals.contains { if case .ambiguous = $0.reason { true } else { false } }
            let holdsReferences = refusals.contains { if case .references = $0.reason { true } else { false } }
            return (
                .failed,
                clean(DotenvWords.refusals(refusals, file: file, hasMark: error.hasMark)) + ". Nothing was written.",
                isAmbiguous
                    ? "say who reads the file: --dialect node, python, compose or shell"
                    : holdsReferences
                        ? "store such values as they are written with --keep-references, or leave them out with --except"
                        : "mend the lines, or leave the keys out with --except"
            )
        }
    }

    private static func words(for error: ExportRefusal) -> Words {
        switch error {
        case .terminal:
            (
                .usage, "this would show the values on your screen.",
                "send them on (| or --output FILE), or add --show-secrets"
            )
        case .notIgnored(let path):
            (
                .usage, "git does not ignore \(quoted(path)), so the next commit could take the values along.",
                "add it to .gitignore, or write elsewhere"
            )
        case .tracked(let path):
            (
                .usage, "git tracks \(quoted(path)), so the next commit would take the values along.",
                "write elsewhere, or untrack it first: git rm --cached \(quoted(path))"
            )
        case .notInGitHub:
            (
                .usage, "github-actions writes to the runner of a job, and this is none.",
                "use it in a step of a workflow"
            )
        }
    }
}
