// Sets of small numbers, each distinct set kept once and known by a number.

/// A pool of sets. Most commits of a history hold the same few sets of secrets, so a set is a number and comparing two
/// is comparing numbers.
struct SetPool {
    typealias ID = Int32

    /// The empty set.
    static let empty: ID = 0

    private(set) var members: [[Int32]] = [[]]
    private var numbers: [[Int32]: ID] = [[]: 0]
    private var unions: [UInt64: ID] = [:]

    init() {}

    /// - Parameter sets: distinct ones, the empty one first, each ascending.
    init(_ sets: [[Int32]]) {
        members = sets
        for (number, set) in sets.enumerated() { numbers[set] = ID(number) }
    }

    /// The number of the set with these members, in any order.
    mutating func intern(_ unordered: [Int32]) -> ID {
        if unordered.isEmpty { return Self.empty }
        var sorted = unordered
        sorted.sort()
        var distinct: [Int32] = []
        distinct.reserveCapacity(sorted.count)
        for member in sorted where distinct.last != member { distinct.append(member) }
        if let number = numbers[distinct] { return number }
        let number = ID(members.count)
        members.append(distinct)
        numbers[distinct] = number
        return number
    }

    mutating func union(_ left: ID, _ right: ID) -> ID {
        if left == right || right == Self.empty { return left }
        if left == Self.empty { return right }
        let key = UInt64(UInt32(bitPattern: min(left, right))) << 32 | UInt64(UInt32(bitPattern: max(left, right)))
        if let known = unions[key] { return known }
        let result = intern(members[Int(left)] + members[Int(right)])
        unions[key] = result
        return result
    }

    /// The members of `left` that are not in `right`.
    func difference(_ left: ID, _ right: ID) -> [Int32] {
        if left == right { return [] }
        if right == Self.empty { return members[Int(left)] }
        let without = members[Int(right)]
        var result: [Int32] = []
        var place = 0
        for member in members[Int(left)] {
            while place < without.count, without[place] < member { place += 1 }
            if place == without.count || without[place] != member { result.append(member) }
        }
        return result
    }
}
