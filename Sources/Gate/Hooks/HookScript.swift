// The script that git runs: a few lines of POSIX shell, which know where the program is and what comes after it.

import Crypto

/// A hook of ours as a file.
package struct HookScript: Sendable, Equatable {
    /// The hook's name: `pre-commit`.
    package var name: String
    /// The program's absolute path, as it was when the hook was installed.
    package var program: String
    /// Whether it stands in the folder for all of a user's repositories, and hands on to the repository's own hook.
    package var isGlobal: Bool
    /// Whether it checks; otherwise it only hands on.
    package var checks: Bool

    package init(name: String, program: String, isGlobal: Bool = false, checks: Bool = true) {
        self.name = name
        self.program = program
        self.isGlobal = isGlobal
        self.checks = checks
    }

    /// What the name of a hook gets that was there before.
    package static let keptSuffix = ".migrate-kept"
    private static let mark = "# migrate-hook 1: "
    private static let programMark = "migrate="
    private static let seal = "# sha256 "

    /// The file's content. Its last line is a digest of all above, so that a change by hand is noticed.
    package var bytes: [UInt8] {
        let body = Array((lines.joined(separator: "\n") + "\n").utf8)
        return body + Array((Self.seal + Self.digest(body) + "\n").utf8)
    }

    private var lines: [String] {
        var lines = ["#!/bin/sh", Self.mark + name + (isGlobal ? ", global" : "") + (checks ? "" : ", hands on")]
        lines.append("# Written by migrate; it goes away with: \(removal)")
        if checks { lines += check }
        lines += isGlobal ? handOn : chain
        return lines
    }

    private var removal: String { "migrate hook uninstall" + (isGlobal ? " --global" : "") }

    // MARK: The check

    private var pass: String { HookKind(rawValue: name)?.pass ?? "git commit --no-verify" }

    private var check: [String] {
        // The path first: programs that are no terminal have a short PATH. Only an absolute one, since what lies in the
        // working folder belongs to the repository.
        var lines = [
            Self.programMark + Self.quote(program),
            "if [ ! -f \"$migrate\" ] || [ ! -x \"$migrate\" ]; then",
            "    migrate=$(command -v migrate) || migrate=",
            "    case $migrate in",
            "    /*) ;;",
            "    *)",
            "        echo 'migrate: the program that the hook runs is gone, so nothing was checked;"
                + " to pass: \(pass)' >&2",
            "        exit 1",
            "        ;;",
            "    esac",
            "fi",
        ]
        if isFedByGit {
            lines += [
                "input=$(cat && echo x) || {",
                "    echo 'migrate: the hook cannot read what git says, so nothing was checked; to pass: \(pass)' >&2",
                "    exit 1",
                "}",
                "printf %s \"${input%x}\" 2>/dev/null | \"$migrate\" hook run \(name) \"$@\" || exit $?",
            ]
        } else {
            lines.append("\"$migrate\" hook run \(name) \"$@\" || exit $?")
        }
        return lines
    }

    /// Whether two have to read what git writes: the check and the hook after it.
    private var isFedByGit: Bool { checks && name == HookKind.prePush.name }

    /// Runs a hook in our place, with all that git has given us.
    private func run(_ variable: String) -> [String] {
        isFedByGit
            ? ["    printf %s \"${input%x}\" 2>/dev/null | \"$\(variable)\" \"$@\"", "    exit $?"]
            : ["    exec \"$\(variable)\" \"$@\""]
    }

    // MARK: What comes after

    /// The hook that was here before. As git does, one that is not executable is passed over.
    private var chain: [String] {
        [
            "case $0 in",
            "*/*) kept=${0%/*}/\(name)\(Self.keptSuffix) ;;",
            "*) kept=./\(name)\(Self.keptSuffix) ;;",
            "esac",
            "if [ -f \"$kept\" ] && [ -x \"$kept\" ]; then",
        ] + run("kept") + ["fi", "exit 0"]
    }

    /// The repository's own hook, which `core.hooksPath` hides.
    private var handOn: [String] {
        [
            // The usual case, without a process: git runs hooks at the worktree's root.
            "if [ -z \"${GIT_DIR-}${GIT_COMMON_DIR-}\" ] && [ -d .git ]; then",
            "    common=.git",
            "else",
            "    common=$(git rev-parse --git-common-dir) || exit 1",
            "fi",
            "own=$common/hooks/\(name)",
            "if [ -f \"$own\" ] && [ -x \"$own\" ]; then",
        ] + run("own") + ["fi"] + absent
    }

    /// What git does where there is no hook of that name.
    private var absent: [String] {
        switch name {
        case "push-to-checkout":
            // That this hook is there keeps git from bringing the worktree up to date itself.
            [
                "git update-index -q --ignore-submodules --refresh &&",
                "    git diff-files --quiet --ignore-submodules -- || {",
                "    echo 'Working directory has unstaged changes' >&2",
                "    exit 1",
                "}",
                "head=HEAD",
                "git rev-parse -q --verify HEAD >/dev/null || head=$(git hash-object -t tree /dev/null)",
                "git diff-index --quiet --cached --ignore-submodules \"$head\" -- || {",
                "    echo 'Working directory has staged changes' >&2",
                "    exit 1",
                "}",
                "exec git read-tree -u -m \"$1\"",
            ]
        case "proc-receive", "fsmonitor-watchman":
            ["echo 'migrate: this repository has no hook \(name)' >&2", "exit 1"]
        default: ["exit 0"]
        }
    }

    /// A word for the shell that stands for exactly this text.
    static func quote(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func digest(_ bytes: some Collection<UInt8>) -> String {
        SHA256.hash(data: Array(bytes)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

// MARK: - Recognising one

extension HookScript {
    /// What a file of hooks is to us.
    package enum Recognition: Sendable, Equatable {
        /// One of ours, as we wrote it.
        case ours(HookScript)
        /// One of ours that somebody has changed.
        case changed
        case foreign
    }

    /// Tells ours from others: by the second line, and by the digest in the last one.
    package static func recognise(_ bytes: [UInt8]) -> Recognition {
        let newline = UInt8(ascii: "\n")
        let lines = bytes.split(separator: newline, omittingEmptySubsequences: false)
        guard lines.prefix(8).contains(where: { $0.starts(with: mark.utf8) }) else { return .foreign }
        guard lines.count > 3, lines[lines.count - 1].isEmpty, lines[1].starts(with: mark.utf8),
            case let last = lines[lines.count - 2], last.starts(with: seal.utf8),
            case let body = bytes[..<last.startIndex], last.dropFirst(seal.utf8.count).elementsEqual(digest(body).utf8)
        else { return .changed }
        let words = String(decoding: lines[1].dropFirst(mark.utf8.count), as: UTF8.self)
            .split(separator: ",").map { $0.drop { $0 == " " } }
        return .ours(
            HookScript(
                name: words.first.map(String.init) ?? "", program: program(in: body),
                isGlobal: words.contains("global"), checks: !words.contains("hands on")))
    }

    /// What stands between the quotes, which may go over several lines.
    private static func program(in body: ArraySlice<UInt8>) -> String {
        let (quote, escaped) = (UInt8(ascii: "'"), Array("\\''".utf8))
        guard let found = body.firstRange(of: Array(("\n" + programMark + "'").utf8)) else { return "" }
        var program: [UInt8] = []
        var rest = body[found.upperBound...]
        while let end = rest.firstIndex(of: quote) {
            program += rest[..<end]
            rest = rest[(end + 1)...]
            guard rest.starts(with: escaped) else { break }
            program.append(quote)
            rest = rest.dropFirst(escaped.count)
        }
        return String(decoding: program, as: UTF8.self)
    }
}
