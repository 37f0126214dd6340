// A part of a list of repositories, for one of several machines.

import Crypto

/// The repositories that one of several runs scans.
package struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// From 1 to `count`.
    package let index: Int
    /// Parts in all, from 1 to `most`.
    package let count: Int

    /// More machines than that nobody has, and a typing error would leave nearly everything out.
    package static let most = 10_000

    /// The one of a run over all.
    package static let whole = Shard(1, of: 1)

    private init(_ index: Int, of count: Int) {
        self.index = index
        self.count = count
    }

    package init?(index: Int, count: Int) {
        guard (1...Self.most).contains(count), (1...count).contains(index) else { return nil }
        self.init(index, of: count)
    }

    /// Reads `2/4`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ part in !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let index = Int(parts[0]), let count = Int(parts[1])
        else { return nil }
        self.init(index: index, count: count)
    }

    package var description: String { "\(index)/\(count)" }

    /// Whether the repository at `path`, as the list has it, is this part's.
    ///
    /// A digest of the path decides, not its place in the list: a repository that is added or taken out moves no other
    /// to another machine, whose caches know it. The parts are of the same size on average.
    package func holds(_ path: String) -> Bool { Self.index(of: path, among: count) == index }

    /// The part, from 1, that has the repository at `path`.
    package static func index(of path: String, among count: Int) -> Int {
        let digest = SHA256.hash(data: Array(path.utf8))
        let number = digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)) }
        return Int(number % UInt64(count)) + 1
    }
}
