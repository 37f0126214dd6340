// One worker's search: all anchors in one pass, exact confirmation only around a hit.

import CVectorscan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds the matches of a rule set in bytes. Each worker has one: it owns the engine's scratch
/// space and buffers that are reused from blob to blob.
package final class Matcher {
    package let compiled: CompiledRules

    /// Grows, and may move, when a database that needs more is loaded.
    private var scratch: OpaquePointer
    private let hits = UnsafeMutablePointer<[AnchorHit]>.allocate(capacity: 1)
    private let ends = UnsafeMutablePointer<[ExpressionEnd]>.allocate(capacity: 1)
    /// Expression databases, loaded when a rule's anchor first hits.
    private var loaded: [OpaquePointer?]
    private var candidates: [Match] = []
    /// Confirmations tried so far: a measure of work that does not depend on the clock.
    package private(set) var confirmationCount = 0
    /// Bytes that confirmations could read so far: they may not grow faster than the input.
    package private(set) var confirmedByteCount = 0

    /// How many bytes of anchors are gathered before their hits are confirmed. It bounds the memory
    /// that hits take, and keeps lengths within Vectorscan's 32 bits.
    private static let portion = 4 << 20
    /// Readers of names and URLs may read some kilobytes from each hit. In text that is dense with anchors (real
    /// text has some hundreds of hits in a megabyte) this would be hundreds of times the text, so in each portion
    /// only so many hits of a rule are read so far...
    private static let fewestFarHits = 256
    /// ...or one for so many bytes, if that is more;
    private static let bytesPerFarHit = 256
    /// the others reach no farther than this, and what is longer is left out.
    private static let shortReach = 256
    /// A name this far before the end of a value has its own value start inside.
    private static let depth = 2 * Assignment.nameLimit
    /// The bytes that are looked at to tell text from binary data, as many as git looks at.
    private static let binaryProbe = 8_000
    /// Git calls bytes with a single NUL binary. That would let one NUL in a comment hide a password, so it takes more
    /// here: an image, an archive or a program has a NUL in every hundred bytes or so.
    private static let mostNULs = 16

    /// - Throws: `DetectionError` when there is no memory for scratch space.
    package init(_ compiled: CompiledRules) throws {
        self.compiled = compiled
        var scratch: OpaquePointer?
        let code = hs_alloc_scratch(compiled.anchorDatabase, &scratch)
        guard code == HS_SUCCESS, let scratch else {
            throw DetectionError.engine(operation: "allocate scratch space", code: code)
        }
        self.scratch = scratch
        hits.initialize(to: [])
        ends.initialize(to: [])
        loaded = Array(repeating: nil, count: compiled.ruleSet.rules.count)
    }

    deinit {
        for database in loaded { hs_free_database(database) }
        hs_free_scratch(scratch)
        hits.deinitialize(count: 1)
        hits.deallocate()
        ends.deinitialize(count: 1)
        ends.deallocate()
    }

    /// Whether names and guesses make sense in `bytes`.
    private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var count = 0
        for byte in bytes.prefix(binaryProbe) where byte == 0 {
            count += 1
            if count > mostNULs { return false }
        }
        return true
    }

    /// All matches in `bytes`, by place; where two overlap, the one that tells more.
    ///
    /// - Throws: `DetectionError` when the engine fails, which it should never do.
    package func matches(in bytes: UnsafeRawBufferPointer) throws -> [Match] {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return [] }
        candidates.removeAll(keepingCapacity: true)
        var isText: Bool?
        let overlap = max(compiled.ruleSet.longestAnchor - 1, 0)
        var from = 0
        repeat {
            let to = min(from + Self.portion, bytes.count)
            let windowStart = max(from - overlap, 0)
            hits.pointee.removeAll(keepingCapacity: true)
            let code = hs_scan(
                compiled.anchorDatabase, start.advanced(by: windowStart).assumingMemoryBound(to: CChar.self),
                UInt32(to - windowStart), 0, scratch, recordAnchor, hits)
            guard code == HS_SUCCESS else { throw DetectionError.engine(operation: "search for anchors", code: code) }
            if !hits.pointee.isEmpty {
                let text = isText ?? Self.isText(bytes)
                isText = text
                try confirm(in: bytes, windowStart: windowStart, firstNew: from, isText: text)
            }
            from = to
        } while from < bytes.count
        return candidates.isEmpty ? [] : Overlaps.resolved(candidates, of: compiled.ruleSet.rules)
    }
}

/// An anchor's place: which, and where it ends in the searched window.
private struct AnchorHit {
    var anchor: UInt32
    var end: UInt32
}

private struct ExpressionEnd {
    var from: UInt64
    var to: UInt64
}

private let recordAnchor: match_event_handler = { id, _, to, _, context in
    context?.assumingMemoryBound(to: [AnchorHit].self).pointee.append(
        AnchorHit(anchor: id, end: UInt32(truncatingIfNeeded: to)))
    return 0
}

private let recordEnd: match_event_handler = { _, from, to, _, context in
    guard let ends = context?.assumingMemoryBound(to: [ExpressionEnd].self) else { return 0 }
    // Every end is reported, in order; of one start only the last counts. An open-ended expression has many.
    if let last = ends.pointee.indices.last, ends.pointee[last].from == from {
        ends.pointee[last].to = max(ends.pointee[last].to, to)
    } else {
        ends.pointee.append(ExpressionEnd(from: from, to: to))
    }
    return 0
}

extension Matcher {
    /// Confirms the gathered hits, rule by rule.
    private func confirm(in bytes: UnsafeRawBufferPointer, windowStart: Int, firstNew: Int, isText: Bool) throws {
        var byRule: [(rule: Int, hit: Range<Int>)] = []
        byRule.reserveCapacity(hits.pointee.count)
        for hit in hits.pointee {
            let entry = compiled.ruleSet.anchors[Int(hit.anchor)]
            let end = windowStart + Int(hit.end)
            // A hit that ends in the overlap was seen with the portion before.
            if end <= firstNew && firstNew > 0 { continue }
            for rule in entry.rules { byRule.append((rule, end - entry.length..<end)) }
        }
        byRule.sort { ($0.rule, $0.hit.lowerBound) < ($1.rule, $1.hit.lowerBound) }

        var index = 0
        while index < byRule.count {
            let rule = byRule[index].rule
            var next = index
            while next < byRule.count, byRule[next].rule == rule { next += 1 }
            let ranges = byRule[index..<next].lazy.map(\.hit)
            switch compiled.ruleSet.rules[rule].confirmation {
            case .expression(_, let before, let after):
                try confirmExpression(rule, around: ranges, before: before, after: after, in: bytes)
            case .assigned(let shape):
                if isText { confirmAssigned(rule, shape, at: ranges, in: bytes) }
            case .urlPassword:
                confirmURLPassword(rule, at: ranges, in: bytes)
            case .privateKeyBlock:
                confirmPrivateKey(rule, at: ranges, in: bytes)
            case .genericAssignment:
                if isText { confirmGeneric(rule, at: ranges, in: bytes) }
            }
            index = next
        }
    }

    private func confirmExpression(
        _ rule: Int, around hits: some Sequence<Range<Int>>, before: ByteClass?, after: ByteClass?,
        in bytes: UnsafeRawBufferPointer
    ) throws {
        let width = compiled.expressions[rule]?.maximumWidth ?? 0
        // Windows of neighbouring hits are joined, so that each byte is searched once, however dense they are.
        var window: Range<Int>?
        for hit in hits {
            let wanted = max(hit.upperBound - width, 0)..<min(hit.lowerBound + width, bytes.count)
            if let open = window, wanted.lowerBound <= open.upperBound {
                window = open.lowerBound..<max(open.upperBound, wanted.upperBound)
            } else {
                if let open = window { try search(rule, in: open, before: before, after: after, of: bytes) }
                window = wanted
            }
        }
        if let open = window { try search(rule, in: open, before: before, after: after, of: bytes) }
    }

    private func search(
        _ rule: Int, in window: Range<Int>, before: ByteClass?, after: ByteClass?, of bytes: UnsafeRawBufferPointer
    ) throws {
        guard let start = bytes.baseAddress, let database = try database(ofRule: rule) else { return }
        confirmationCount += 1
        confirmedByteCount += window.count
        ends.pointee.removeAll(keepingCapacity: true)
        let code = hs_scan(
            database, start.advanced(by: window.lowerBound).assumingMemoryBound(to: CChar.self),
            UInt32(window.count), 0, scratch, recordEnd, ends)
        guard code == HS_SUCCESS else {
            throw DetectionError.engine(operation: "confirm \(compiled.ruleSet.rules[rule].id)", code: code)
        }
        // Of each start the longest comes first, and the leftmost start wins.
        ends.pointee.sort { ($0.from, $1.to) < ($1.from, $0.to) }
        var lastStart: UInt64?
        var taken = -1
        for end in ends.pointee where end.from != lastStart {
            lastStart = end.from
            let range = window.lowerBound + Int(end.from)..<window.lowerBound + Int(end.to)
            if range.lowerBound < taken { continue }
            if let before, range.lowerBound > 0, before.contains(bytes[range.lowerBound - 1]) { continue }
            if let after, range.upperBound < bytes.count, after.contains(bytes[range.upperBound]) { continue }
            if accept(rule, range, key: nil, in: bytes) { taken = range.upperBound }
        }
    }

    /// The first bytes of the blob, up to where the confirmation of a hit may read. `isCut`: the text goes on there, so
    /// that what touches the end is not whole.
    private func reach(
        ofHit hit: Range<Int>, number: Int, far: Int, in bytes: UnsafeRawBufferPointer
    ) -> (bytes: UnsafeBufferPointer<UInt8>, isCut: Bool) {
        confirmationCount += 1
        let all = bytes.assumingMemoryBound(to: UInt8.self)
        if number < max(Self.fewestFarHits, min(bytes.count, Self.portion) / Self.bytesPerFarHit) {
            confirmedByteCount += min(hit.upperBound + far, bytes.count) - hit.lowerBound
            return (all, false)
        }
        let end = min(hit.upperBound + Self.shortReach, bytes.count)
        confirmedByteCount += end - hit.lowerBound
        return (UnsafeBufferPointer(rebasing: all[..<end]), end < bytes.count)
    }

    private func confirmAssigned(
        _ rule: Int, _ shape: Shape, at hits: some Sequence<Range<Int>>, in bytes: UnsafeRawBufferPointer
    ) {
        for (number, hit) in hits.enumerated() {
            let (near, isCut) = reach(ofHit: hit, number: number, far: Assignment.reach, in: bytes)
            guard let parsed = Assignment.parse(name: hit, in: near.span), shape.length.contains(parsed.value.count),
                !isCut || parsed.value.upperBound < near.count,
                parsed.value.allSatisfy({ shape.bytes.contains(bytes[$0]) })
            else { continue }
            _ = accept(rule, parsed.value, key: parsed.key, in: bytes)
        }
    }

    private func confirmURLPassword(
        _ rule: Int, at hits: some Sequence<Range<Int>>, in bytes: UnsafeRawBufferPointer
    ) {
        for (number, hit) in hits.enumerated() {
            let (near, isCut) = reach(ofHit: hit, number: number, far: URLPassword.limit, in: bytes)
            guard let parsed = URLPassword.parse(anchor: hit, in: near.span),
                !isCut || parsed.host.upperBound < near.count
            else { continue }
            switch URLPassword.judge(parsed, in: near.span, context: .quoted).valueClass {
            case .connectionString, .secret:
                candidates.append(Match(rule: rule, value: parsed.password, verdict: .wellFormed))
            case .placeholder:
                candidates.append(Match(rule: rule, value: parsed.password, verdict: .placeholder))
            case .publicByDesign, .configuration, .reference, .empty:
                break
            }
        }
    }

    private func confirmPrivateKey(
        _ rule: Int, at hits: some Sequence<Range<Int>>, in bytes: UnsafeRawBufferPointer
    ) {
        let buffer = bytes.assumingMemoryBound(to: UInt8.self)
        let span = buffer.span
        var taken = -1
        for hit in hits where hit.lowerBound >= taken {
            confirmationCount += 1
            guard let block = PrivateKeyBlock.parse(header: hit, in: span) else { continue }
            if accept(rule, block, key: nil, in: bytes) { taken = block.upperBound }
        }
    }

    private func confirmGeneric(
        _ rule: Int, at hits: some Sequence<Range<Int>>, in bytes: UnsafeRawBufferPointer
    ) {
        // A name such as `SECRET_ACCESS_TOKEN` holds several anchors and is parsed once.
        var parsedUpTo = -1
        // Names deep inside a long value that is reported could only give a part of it, and cost reading its rest.
        var reportedUpTo = -1
        for (number, hit) in hits.enumerated()
        where hit.lowerBound >= parsedUpTo && hit.upperBound >= reportedUpTo - Self.depth {
            let (near, isCut) = reach(ofHit: hit, number: number, far: Assignment.reach, in: bytes)
            guard let parsed = Assignment.parse(name: hit, in: near.span) else { continue }
            parsedUpTo = max(parsedUpTo, parsed.key.upperBound)
            if isCut, parsed.value.upperBound == near.count { continue }
            switch Assignment.judge(parsed, in: near.span).valueClass {
            case .secret:
                candidates.append(Match(rule: rule, value: parsed.value, key: parsed.key, verdict: .wellFormed))
                reportedUpTo = max(reportedUpTo, parsed.value.upperBound)
            case .placeholder:
                candidates.append(Match(rule: rule, value: parsed.value, key: parsed.key, verdict: .placeholder))
                reportedUpTo = max(reportedUpTo, parsed.value.upperBound)
            case .connectionString, .publicByDesign, .configuration, .reference, .empty:
                break
            }
        }
    }

    /// Grades a confirmed value and notes it, unless it is too plain for its rule.
    private func accept(_ index: Int, _ range: Range<Int>, key: Range<Int>?, in bytes: UnsafeRawBufferPointer) -> Bool {
        let rule = compiled.ruleSet.rules[index]
        let buffer = UnsafeRawBufferPointer(rebasing: bytes[range]).assumingMemoryBound(to: UInt8.self)
        let value = buffer.span
        let verdict: Verdict
        if Placeholder.isPlaceholder(value) {
            verdict = .placeholder
        } else {
            if rule.minimumEntropy > 0, Entropy.bitsPerByte(value) < rule.minimumEntropy { return false }
            verdict = rule.check?(value) ?? .wellFormed
        }
        candidates.append(Match(rule: index, value: range, key: key, verdict: verdict))
        return true
    }

    private func database(ofRule rule: Int) throws -> OpaquePointer? {
        if let database = loaded[rule] { return database }
        guard let pattern = compiled.expressions[rule], let database = CompiledRules.deserialize(pattern) else {
            throw DetectionError.engine(operation: "load \(compiled.ruleSet.rules[rule].id)", code: HS_INVALID)
        }
        loaded[rule] = database
        var space: OpaquePointer? = scratch
        let code = hs_alloc_scratch(database, &space)
        guard code == HS_SUCCESS, let space else {
            throw DetectionError.engine(operation: "allocate scratch space", code: code)
        }
        scratch = space
        return database
    }
}
