// The environment of a child: the parent's variables and the values of a secret.

import JSON
import Secrets

/// What a child's environment will be. The parent's variables are passed on, credentials for AWS included: a child that
/// should not have them is started without them.
package struct ChildEnvironment: Sendable {
    package struct Options: Sendable {
        package var selection: KeySelection
        /// Goes before each key. The whole name is what is checked.
        package var prefix: String
        /// Variables that the parent has win, empty ones too. Otherwise the secret's values do.
        package var preservesEnvironment: Bool
        /// Whether names of `ProtectedName` may be set.
        package var allowsProtectedNames: Bool

        package init(
            selection: KeySelection = .all, prefix: String = "", preservesEnvironment: Bool = false,
            allowsProtectedNames: Bool = false
        ) {
            self.selection = selection
            self.prefix = prefix
            self.preservesEnvironment = preservesEnvironment
            self.allowsProtectedNames = allowsProtectedNames
        }
    }

    /// Names that the secret sets, prefix included, in its order.
    package let delivered: [String]
    /// Those among them that the parent had with another value.
    package let overridden: [String]
    package let leftOut: [LeftOutKey]

    /// `NAME=value` texts.
    private let entries: [SharedSecret]
    private let longest: String?

    /// - Throws: `DeliveryError`, listing every key that stands in the way. A secret with no values at all gives the
    ///   parent's environment.
    package init(
        parent: ParentEnvironment, values: [DeliveredValue], options: Options = Options(),
        limits: ExecutionLimits = .system
    ) throws(DeliveryError) {
        if !options.prefix.isEmpty, !EnvironmentName.isValid(options.prefix) { throw .invalidPrefix(options.prefix) }
        let chosen =
            values.isEmpty && options.selection.only.isEmpty ? [] : try options.selection.chosen(values)
        let parentNames = Dictionary(
            parent.variables.map { ($0.name, $0.entry) }, uniquingKeysWith: { first, _ in first })

        var refused: [RefusedKey] = []
        var leftOut: [LeftOutKey] = []
        var overridden: [String] = []
        var added: [(name: String, entry: SharedSecret)] = []
        for value in chosen {
            let name = options.prefix + value.key
            if value.kind == .null {
                leftOut.append(LeftOutKey(key: value.key, reason: .null))
                continue
            }
            if let reason = Self.refusal(of: value, as: name, options, limits) {
                refused.append(RefusedKey(key: value.key, reason: reason))
                continue
            }
            let entry = Self.entry(name, value)
            if let existing = parentNames[Array(name.utf8)] {
                if options.preservesEnvironment {
                    leftOut.append(LeftOutKey(key: value.key, reason: .alreadySet))
                    continue
                }
                if !existing.isSame(as: entry) { overridden.append(name) }
            }
            added.append((name, entry))
        }
        guard refused.isEmpty else { throw .refused(refused) }

        let names = Set(added.map { Array($0.name.utf8) })
        entries = parent.variables.filter { !names.contains($0.name) }.map(\.entry) + added.map(\.entry)
        delivered = added.map(\.name)
        longest = added.max { $0.entry.count < $1.entry.count }?.name
        self.overridden = overridden
        self.leftOut = leftOut
    }

    private static func refusal(
        of value: DeliveredValue, as name: String, _ options: Options, _ limits: ExecutionLimits
    ) -> RefusedKey.Reason? {
        guard EnvironmentName.isValid(name) else { return .notAnEnvironmentName }
        if !options.allowsProtectedNames, let group = ProtectedName.group(of: name) { return .protected(group) }
        if value.contains(0) { return .nul }
        // With `=` and the NUL at the end.
        let length = name.utf8.count + value.text.count + 2
        return length > limits.text ? .tooLong(bytes: length, limit: limits.text) : nil
    }

    private static func entry(_ name: String, _ value: DeliveredValue) -> SharedSecret {
        var buffer = SecretBuffer(capacity: name.utf8.count + 1 + value.text.count)
        buffer.append(name)
        buffer.append(UInt8(ascii: "="))
        value.text.withValue { buffer.append($0) }
        return SharedSecret(buffer.finish())
    }
}

extension ChildEnvironment {
    /// Bytes that the kernel counts for the environment and these arguments.
    package func size(with arguments: [String]) -> Int {
        // Each text has a NUL at its end and a pointer to it.
        let texts = entries.map(\.count) + arguments.map(\.utf8.count)
        return texts.reduce(0) { $0 + $1 + 1 + MemoryLayout<UnsafeRawPointer>.size }
    }

    /// - Throws: `DeliveryError.environmentTooLarge`, naming the key with the longest value.
    package func check(arguments: [String], limits: ExecutionLimits = .system) throws(DeliveryError) {
        let size = size(with: arguments)
        guard size <= limits.total else {
            throw .environmentTooLarge(bytes: size, limit: limits.total, longest: longest)
        }
    }

    /// Lends the environment as `execve` takes it. The memory is wiped afterwards, if there is an afterwards.
    package func withEnvironmentBlock<Result>(
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        let texts = UnsafeMutableRawBufferPointer.allocate(
            byteCount: entries.reduce(0) { $0 + $1.count + 1 }, alignment: 1)
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: entries.count + 1)
        defer {
            SecretMemory.wipe(texts)
            texts.deallocate()
            pointers.deallocate()
        }
        let characters = texts.bindMemory(to: CChar.self)
        var offset = 0
        for (index, entry) in entries.enumerated() {
            pointers[index] = characters.baseAddress.map { $0 + offset }
            entry.withBytes { bytes in
                for place in bytes.indices { characters[offset + place] = CChar(bitPattern: bytes[place]) }
            }
            offset += entry.count
            characters[offset] = 0
            offset += 1
        }
        pointers[entries.count] = nil
        return try body(pointers)
    }
}
