// Names of environment variables: which are names at all, and which would let a secret take over the program.

package enum EnvironmentName {
    /// POSIX: letters, digits and underscores of ASCII, not beginning with a digit.
    package static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy(isWord)
    }

    static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// Variables that decide what code a program runs or whose files it reads. Whoever can write to a secret should not
/// get to choose that, so these need to be allowed by name.
///
/// Proxies (`HTTPS_PROXY`) and certificates (`SSL_CERT_FILE`) are not among them: they often hold credentials and belong
/// into a secret, and they take over what a program hears, not what it runs.
package enum ProtectedName {
    package enum Group: String, Sendable, CaseIterable {
        /// Where programs are looked for.
        case programSearch
        /// Libraries and modules that the loader, the C library or OpenSSL bring into the process, and how names of
        /// hosts are resolved.
        case loader
        /// Files, prompts and options that make a shell run code, or split words in another way.
        case shell
        /// Code and options that an interpreter or virtual machine takes in before the program.
        case interpreter
        /// Commands and settings that git and ssh run or read.
        case git
        /// Programs that other programs start.
        case program
        /// Whose configuration is read.
        case home
    }

    /// Which group protects the name; nil for an ordinary one.
    package static func group(of name: String) -> Group? {
        if let group = names[name] { return group }
        return prefixes.first { name.hasPrefix($0.prefix) }?.group
    }

    private static let prefixes: [(prefix: String, group: Group)] = [
        ("LD_", .loader), ("DYLD_", .loader), ("MALLOC_", .loader),
        ("BASH_FUNC_", .shell),
        ("CORECLR_", .interpreter), ("COR_", .interpreter), ("LUA_INIT", .interpreter), ("LUA_PATH", .interpreter),
        ("LUA_CPATH", .interpreter),
        ("GIT_CONFIG", .git), ("GIT_SSH", .git),
        ("XDG_CONFIG_", .home),
    ]

    private static let names: [String: Group] = Dictionary(
        uniqueKeysWithValues: [
            (Group.programSearch, ["PATH"]),
            (
                .loader,
                [
                    "GCONV_PATH", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NLSPATH", "RES_OPTIONS",
                    "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES",
                ]
            ),
            (
                .shell,
                [
                    "IFS", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "ZDOTDIR", "FPATH",
                    "CDPATH",
                ]
            ),
            (
                .interpreter,
                [
                    "NODE_OPTIONS", "NODE_PATH",
                    "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONPLATLIBDIR",
                    "PYTHONBREAKPOINT", "PYTHONWARNINGS",
                    "PERL5LIB", "PERLLIB", "PERL5OPT", "PERL5DB",
                    "RUBYOPT", "RUBYLIB", "GEM_HOME", "GEM_PATH", "BUNDLE_GEMFILE",
                    "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH",
                    "DOTNET_STARTUP_HOOKS", "PHPRC", "PHP_INI_SCAN_DIR",
                ]
            ),
            (
                .git,
                [
                    "GIT_EXEC_PATH", "GIT_ASKPASS", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER",
                    "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_TEMPLATE_DIR", "SSH_ASKPASS",
                ]
            ),
            (.program, ["EDITOR", "VISUAL", "PAGER", "MANPAGER", "LESSOPEN", "LESSCLOSE", "BROWSER", "SUDO_ASKPASS"]),
            (.home, ["HOME", "SHELL"]),
        ].flatMap { group, names in names.map { ($0, group) } })
}
