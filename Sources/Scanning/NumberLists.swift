// Many short lists of numbers, kept as one.

/// Lists of numbers, one behind the other: two allocations for all of them.
struct NumberLists: Sendable {
    /// Of all lists.
    private(set) var numbers: [Int32] = []
    /// Where each list ends.
    private(set) var ends: [Int32] = []

    init() {}

    /// - Parameter ends: ascending, up to the count of `numbers`.
    init(numbers: [Int32], ends: [Int32]) {
        self.numbers = numbers
        self.ends = ends
    }

    var count: Int { ends.count }

    subscript(list: Int) -> ArraySlice<Int32> { numbers[range(of: list)] }

    /// Where a list stands in `numbers`: cheaper than the list itself where there are many.
    func range(of list: Int) -> Range<Int> { (list == 0 ? 0 : Int(ends[list - 1]))..<Int(ends[list]) }

    mutating func reserve(lists: Int, numbers count: Int) {
        numbers.reserveCapacity(count)
        ends.reserveCapacity(lists)
    }

    /// Adds to the last list, which `endList` ends.
    mutating func append(_ number: Int32) { numbers.append(number) }

    mutating func endList() { ends.append(Int32(numbers.count)) }
}
