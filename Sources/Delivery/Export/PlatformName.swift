// Names for objects and keys on other platforms, made from names of secrets.

enum PlatformName {
    /// A DNS subdomain, as Kubernetes names its objects: lower-case letters, digits, `-` and `.`, at most 253.
    static func isKubernetesObject(_ name: String) -> Bool {
        guard name.utf8.count <= 253, let first = name.utf8.first, let last = name.utf8.last else { return false }
        return name.utf8.allSatisfy { isLowerCaseOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
            && isLowerCaseOrDigit(first) && isLowerCaseOrDigit(last)
            && !name.utf8.indices.dropLast().contains { index in
                // Each label between dots begins and ends with a letter or digit.
                let pair = (name.utf8[index], name.utf8[name.utf8.index(after: index)])
                return (pair.0 == UInt8(ascii: ".") && !isLowerCaseOrDigit(pair.1))
                    || (pair.1 == UInt8(ascii: ".") && !isLowerCaseOrDigit(pair.0))
            }
    }

    /// The same made from any name: `prod/App` becomes `prod-app`. Nil when nothing is left of it.
    static func kubernetesObject(from name: String) -> String? {
        var made = ""
        for byte in name.utf8 {
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            if isLowerCaseOrDigit(lower) {
                made.unicodeScalars.append(Unicode.Scalar(lower))
            } else if !made.isEmpty, made.utf8.last != UInt8(ascii: "-") {
                made += "-"
            }
        }
        made = String(made.prefix(253))
        while made.utf8.last == UInt8(ascii: "-") { made.removeLast() }
        return made.isEmpty ? nil : made
    }

    /// Whether it is a DNS label, as Kubernetes names its namespaces.
    static func isKubernetesNamespace(_ name: String) -> Bool {
        isKubernetesObject(name) && name.utf8.count <= 63 && !name.utf8.contains(UInt8(ascii: "."))
    }

    /// A key in the data of a Kubernetes Secret, and the name of a file in a volume: letters, digits, `-`, `_` and `.`,
    /// at most 253, and no name of a folder. Other characters become `_`. Nil when that does not help.
    static func kubernetesKey(from key: String) -> String? {
        var made = ""
        for scalar in key.unicodeScalars {
            let isAllowed =
                scalar.isASCII && (EnvironmentName.isWord(UInt8(scalar.value)) || scalar == "-" || scalar == ".")
            made.unicodeScalars.append(isAllowed ? scalar : "_")
        }
        return made.isEmpty || made == "." || made.hasPrefix("..") || made.utf8.count > 253 ? nil : made
    }

    /// A label of Terraform: letters, digits, `_` and `-`, not beginning with a digit or `-`.
    static func isTerraformLabel(_ name: String) -> Bool {
        guard let first = name.utf8.first else { return false }
        return name.utf8.allSatisfy { EnvironmentName.isWord($0) || $0 == UInt8(ascii: "-") }
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) && first != UInt8(ascii: "-")
    }

    /// The same made from any name: `prod/app` becomes `prod_app`.
    static func terraformLabel(from name: String) -> String? {
        var made = ""
        for byte in name.utf8 {
            if EnvironmentName.isWord(byte) {
                made.unicodeScalars.append(Unicode.Scalar(byte))
            } else if made.utf8.last != UInt8(ascii: "_") {
                made += "_"
            }
        }
        guard made.utf8.contains(where: { $0 != UInt8(ascii: "_") }) else { return nil }
        return isTerraformLabel(made) ? made : "_" + made
    }

    private static func isLowerCaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
