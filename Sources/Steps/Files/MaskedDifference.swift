// What a change does to a file, in lines that may be shown.

package import Checklist

/// A difference of two texts, masked.
enum MaskedDifference {
    /// Unchanged lines that are shown before and after a change.
    private static let context = 2

    /// - Parameters:
    ///   - before: nil when there is no file.
    ///   - after: nil when the file goes.
    static func lines(from before: [UInt8]?, to after: [UInt8]?, as form: MaskedText.Form) -> [PreviewLine] {
        let old = MaskedText.lines(of: before ?? [], as: form)
        let new = MaskedText.lines(of: after ?? [], as: form)
        let difference = new.map(\.bytes).difference(from: old.map(\.bytes))
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [PreviewLine] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left) || inserted.contains(right) {
                let gone = run(from: left, in: removed)
                let come = run(from: right, in: inserted)
                lines += change(old[gone].map(\.shown), new[come].map(\.shown))
                left = gone.upperBound
                right = come.upperBound
            } else {
                lines.append(PreviewLine(.context, new[right].shown))
                left += 1
                right += 1
            }
        }
        return shortened(lines) + notes(before, after)
    }

    private static func run(from start: Int, in numbers: Set<Int>) -> Range<Int> {
        var end = start
        while numbers.contains(end) { end += 1 }
        return start..<end
    }

    /// Lines whose difference the mask hides are told as changed, once.
    private static func change(_ gone: [String], _ come: [String]) -> [PreviewLine] {
        var gone = gone[...]
        var come = come[...]
        var head: [PreviewLine] = []
        while let first = gone.first, first == come.first {
            head.append(PreviewLine(.changed, first))
            gone = gone.dropFirst()
            come = come.dropFirst()
        }
        return head + gone.map { PreviewLine(.removed, $0) } + come.map { PreviewLine(.added, $0) }
    }

    /// Leaves out what is far from any change.
    private static func shortened(_ lines: [PreviewLine]) -> [PreviewLine] {
        let changes = lines.indices.filter { lines[$0].mark != .context }
        var near = Set<Int>()
        for place in changes { near.formUnion(max(0, place - context)...min(lines.count - 1, place + context)) }
        var result: [PreviewLine] = []
        var hidden = 0
        func flush() {
            if hidden > 0 { result.append(PreviewLine(.note, "\(hidden) unchanged line\(hidden == 1 ? "" : "s")")) }
            hidden = 0
        }
        for (place, line) in lines.enumerated() {
            if near.contains(place) {
                flush()
                result.append(line)
            } else {
                hidden += 1
            }
        }
        flush()
        return result
    }

    private static func notes(_ before: [UInt8]?, _ after: [UInt8]?) -> [PreviewLine] {
        if after == nil { return [PreviewLine(.note, "the file is removed")] }
        if before == nil { return [PreviewLine(.note, "the file is new")] }
        return []
    }
}
