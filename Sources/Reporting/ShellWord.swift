// Arguments as they can be pasted into a shell.

/// Quotes arguments for a POSIX shell.
package enum ShellWord {
    /// `arguments` as one command line. What `sanitizer` would not print is written in the
    /// `$'…'` form, which bash, zsh, ksh and POSIX 2024 read.
    package static func line(_ arguments: [String], sanitizer: Sanitizer) -> String {
        arguments.map { quote($0, sanitizer: sanitizer) }.joined(separator: " ")
    }

    package static func quote(_ argument: String, sanitizer: Sanitizer) -> String {
        if !sanitizer.isClean(argument) { return dollarQuote(argument) }
        if !argument.isEmpty, argument.utf8.allSatisfy(isPlain) { return argument }
        return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Whether a path can be named on a command line at all: a name that is not UTF-8
    /// reaches us with U+FFFD in place of its bytes.
    package static func canName(_ path: String) -> Bool {
        !path.unicodeScalars.contains("\u{fffd}")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ","),
            UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "%"),
            UInt8(ascii: "^"):
            true
        default: false
        }
    }

    private static func dollarQuote(_ argument: String) -> String {
        var result = "$'"
        for byte in argument.utf8 {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"):
                result += "\\"
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20...0x7e:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                // Three octal digits end by themselves; `\x` would take a hexadecimal digit that follows.
                let digits = String(byte, radix: 8)
                result += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }
        }
        return result + "'"
    }
}
