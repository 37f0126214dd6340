// A rule set with its patterns compiled: shared by all workers of a scan.

import CVectorscan
import Crypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What can go wrong while rules are compiled.
package enum DetectionError: Error, Sendable {
    /// The processor lacks what Vectorscan needs (SSE4.2 on x86-64).
    case processorNotSupported
    /// Vectorscan refuses a rule's expression or anchors.
    case invalidRule(id: String, reason: String)
    case engine(operation: String, code: Int32)
}

/// A rule set, its anchors in one database, and one database for each rule's expression.
///
/// Immutable once made: the workers share it, and each has a `Matcher` of its own.
package final class CompiledRules: @unchecked Sendable {
    // Sound to share: all stored properties are constants, and Vectorscan's databases are read-only.
    package let ruleSet: RuleSet
    /// How the patterns came to be ready, for `-v`.
    package let origin: Origin

    package enum Origin: Sendable, Equatable {
        case cached, compiled
        /// Compiled, and the cache could not be written.
        case compiledUncached
    }

    let anchorDatabase: OpaquePointer
    /// By rule; nil for rules without an expression.
    let expressions: [PatternCache.Pattern?]

    /// Compiles `ruleSet`, or takes the patterns from the cache.
    ///
    /// - Parameter cacheFolder: an existing folder; nil to do without a cache.
    /// - Throws: `DetectionError`.
    package init(_ ruleSet: RuleSet = RuleSet(), cacheFolder: String? = nil) throws {
        self.ruleSet = ruleSet
        guard hs_valid_platform() == HS_SUCCESS else { throw DetectionError.processorNotSupported }
        let withExpression = ruleSet.rules.indices.filter { ruleSet.rules[$0].expression != nil }
        let cache = cacheFolder.map { PatternCache(folder: $0, key: Self.key(of: ruleSet)) }

        var patterns: [PatternCache.Pattern]
        var anchors: OpaquePointer?
        if let kept = cache?.load(), kept.count == withExpression.count + 1, let database = Self.deserialize(kept[0]) {
            patterns = kept
            anchors = database
            origin = .cached
        } else {
            patterns = [try Self.compileAnchors(of: ruleSet)]
            for index in withExpression { patterns.append(try Self.compileExpression(of: ruleSet.rules[index])) }
            anchors = Self.deserialize(patterns[0])
            origin = cache?.store(patterns) ?? false ? .compiled : .compiledUncached
        }
        guard let anchors else { throw DetectionError.engine(operation: "load the anchors", code: HS_INVALID) }
        anchorDatabase = anchors
        var byRule: [PatternCache.Pattern?] = Array(repeating: nil, count: ruleSet.rules.count)
        for (place, index) in withExpression.enumerated() { byRule[index] = patterns[place + 1] }
        expressions = byRule
    }

    deinit { hs_free_database(anchorDatabase) }

    /// The most bytes before and after an anchor that decide about a match of the rule at `index`.
    package func reach(ofRule index: Int) -> Int {
        switch ruleSet.rules[index].confirmation {
        case .expression: (expressions[index]?.maximumWidth ?? 0) + 1
        case .assigned, .genericAssignment: Assignment.reach
        case .urlPassword: URLPassword.limit
        case .privateKeyBlock: PrivateKeyBlock.limit
        }
    }

    /// The longest match of an expression without a bound of its own: no token is as long. What is cut off there is
    /// refused by the class of bytes that may not follow, never reported short.
    private static let longestMatch = 16_384

    /// The most bytes around an anchor that decide about any match.
    package var longestReach: Int { ruleSet.rules.indices.map(reach(ofRule:)).max() ?? 0 }

    static func deserialize(_ pattern: PatternCache.Pattern) -> OpaquePointer? {
        var database: OpaquePointer?
        let code = pattern.bytes.withUnsafeBytes { buffer in
            hs_deserialize_database(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, &database)
        }
        return code == HS_SUCCESS ? database : nil
    }
}

extension Rule {
    var expression: String? {
        if case .expression(let text, _, _) = confirmation { text } else { nil }
    }
}

extension CompiledRules {
    /// A digest of everything that compiled patterns depend on.
    private static func key(of ruleSet: RuleSet) -> [UInt8] {
        var hash = SHA256()
        func add(_ text: String) {
            // Length first, so that two texts cannot run into each other.
            hash.update(data: Array("\(text.utf8.count):\(text)".utf8))
        }
        add(hs_version().map { String(cString: $0) } ?? "")
        var platform = hs_platform_info_t()
        hs_populate_platform(&platform)
        add("\(platform.tune) \(platform.cpu_features)")
        for entry in ruleSet.anchors { add("\(entry.anchor.ignoresCase) \(entry.anchor.literal)") }
        for rule in ruleSet.rules { add(rule.expression ?? "") }
        return Array(hash.finalize())
    }

    private static func compileAnchors(of ruleSet: RuleSet) throws -> PatternCache.Pattern {
        let literals = ruleSet.anchors.map { strdup($0.anchor.literal) }
        defer { literals.forEach { free($0) } }
        let pointers = literals.map { UnsafePointer<CChar>($0) }
        let lengths = ruleSet.anchors.map(\.length)
        let flags = ruleSet.anchors.map { $0.anchor.ignoresCase ? UInt32(HS_FLAG_CASELESS) : 0 }
        let ids = ruleSet.anchors.indices.map { UInt32($0) }
        var database: OpaquePointer?
        var failure: UnsafeMutablePointer<hs_compile_error_t>?
        let code = hs_compile_lit_multi(
            pointers, flags, ids, lengths, UInt32(ids.count), UInt32(HS_MODE_BLOCK), nil, &database, &failure)
        guard code == HS_SUCCESS else { throw invalid(rule: "anchors", failure) }
        defer { hs_free_database(database) }
        return PatternCache.Pattern(bytes: try serialize(database), maximumWidth: ruleSet.longestAnchor)
    }

    private static func compileExpression(of rule: Rule) throws -> PatternCache.Pattern {
        let text = rule.expression ?? ""
        let flags = UInt32(HS_FLAG_SOM_LEFTMOST)
        var failure: UnsafeMutablePointer<hs_compile_error_t>?
        var info: UnsafeMutablePointer<hs_expr_info_t>?
        guard hs_expression_info(text, flags, &info, &failure) == HS_SUCCESS, let info else {
            throw invalid(rule: rule.id, failure)
        }
        defer { free(info) }
        guard info.pointee.min_width > 0 else {
            throw DetectionError.invalidRule(id: rule.id, reason: "its expression matches the empty text")
        }
        var database: OpaquePointer?
        guard hs_compile(text, flags, UInt32(HS_MODE_BLOCK), nil, &database, &failure) == HS_SUCCESS else {
            throw invalid(rule: rule.id, failure)
        }
        defer { hs_free_database(database) }
        return PatternCache.Pattern(
            bytes: try serialize(database), maximumWidth: min(Int(info.pointee.max_width), longestMatch))
    }

    private static func serialize(_ database: OpaquePointer?) throws -> [UInt8] {
        var bytes: UnsafeMutablePointer<CChar>?
        var length = 0
        let code = hs_serialize_database(database, &bytes, &length)
        guard code == HS_SUCCESS, let bytes else {
            throw DetectionError.engine(operation: "serialize patterns", code: code)
        }
        defer { free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    private static func invalid(rule: String, _ failure: UnsafeMutablePointer<hs_compile_error_t>?) -> DetectionError {
        defer { hs_free_compile_error(failure) }
        let reason = failure.flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "unknown"
        return .invalidRule(id: rule, reason: reason)
    }
}
