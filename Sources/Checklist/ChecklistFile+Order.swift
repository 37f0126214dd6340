// Whether the steps of a checklist can be done one after the other.

import Settings

extension ChecklistReader {
    /// Every need names a step, and in neither order does a step wait for itself.
    func checkNeeds(_ steps: [Step]) throws(ConfigurationError) {
        let ids = steps.map(\.id)
        for (step, place) in zip(steps, places) {
            for (need, line) in place.needs + (place.emergencyNeeds ?? []) where !ids.contains(need) {
                let advice =
                    NearestName.of(need, among: ids).map { "; did you mean `\($0)`?" } ?? ", and there is no such step"
                throw ConfigurationError(path: yaml.path, line: line, reason: "`\(step.id)` needs `\(need)`" + advice)
            }
        }
        let indices = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
        for order in Checklist.Order.allCases {
            guard let circle = circle(in: order, indices) else { continue }
            let chain = (circle + circle.prefix(1)).map { "`\(ids[$0])`" }.joined(separator: " needs ")
            let whose = circle.count == 1 ? "a step waits for itself" : "steps wait for each other"
            let line = places[circle[0]].needs(in: order).first { indices[$0.id] == circle[1 % circle.count] }?.line
            throw ConfigurationError(
                path: yaml.path, line: line ?? places[circle[0]].line,
                reason: whose + (order == .emergency ? " in the emergency order: " : ": ") + chain)
        }
    }

    /// The first circle of needs, from its first step in the file on; nil without one.
    private func circle(in order: Checklist.Order, _ indices: [String: Int]) -> [Int]? {
        let needs = places.map { place in place.needs(in: order).compactMap { indices[$0.id] } }
        // What is left when everything that can be done is done: the circles, and what waits for them.
        var left = Set(places.indices)
        while let next = left.sorted().first(where: { left.isDisjoint(with: needs[$0]) }) { left.remove(next) }
        guard var step = left.min() else { return nil }
        // Each of them needs another, so walking on must come back to a step that was met before.
        var path: [Int] = []
        while !path.contains(step) {
            path.append(step)
            guard let next = needs[step].first(where: left.contains) else { return nil }
            step = next
        }
        let circle = Array(path.drop { $0 != step })
        let start = circle.indices.min { circle[$0] < circle[$1] } ?? 0
        return Array(circle[start...] + circle[..<start])
    }
}
