// What a scan remembers of objects, so that the next one need not read them: never anything of a value.

import Dotenv
import Git

/// What is known for good of the objects of a repository.
///
/// An object's name is a digest of its content, so whatever was read out of it stays true. Of blobs and messages with
/// hits only that is kept: they are read again, by the rules themselves. So there is nothing here about any value, and
/// nothing that a report would take on trust but "no rule matches in this object".
///
/// Numbers name objects: their places in `ids`, or, from -1 downwards, in `others`.
struct ObjectState: Sendable {
    /// What was read, ascending.
    var ids: [ObjectID] = []
    /// By place in `ids`.
    var marks: [Mark] = []
    /// Places, root trees, times and parents of all commits.
    var commits = KnownCommits()
    /// Annotated tags, and what they point to.
    var tags: [Int32] = []
    var tagTargets: [Int32] = []
    /// How the trees were read: all of them, each after the one it was compared with.
    var origins = TreeOrigins()
    /// For each tree of `origins`: its set of pathed blobs, as a place in `sets`.
    var treeSets: [Int32] = []
    /// For each tree of `origins`: what it names as a dotenv file, as a place in `dotenvSets`.
    var treeDotenv: [Int32] = []
    /// Objects that are named and that were not read, or not to their end.
    var others: [ObjectID] = []
    var names: [[UInt8]] = []
    var blobs: [PathedBlob] = []
    /// Sets of pathed blobs, ascending, by their places in `blobs`; the empty one first.
    var sets: [[Int32]] = [[]]
    /// Sets of dotenv files; the empty one first.
    var dotenvSets: [[DotenvMember]] = [[]]

    struct Mark: RawRepresentable, Sendable, Equatable {
        var rawValue: UInt8

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ kind: ObjectKind, isReadAgain: Bool) { rawValue = kind.rawValue | (isReadAgain ? 4 : 0) }

        var kind: ObjectKind { ObjectKind(rawValue: rawValue & 3) ?? .unknown }
        /// It holds something that is looked at in every scan: a hit, or a pointer of git LFS.
        var isReadAgain: Bool { rawValue & 4 != 0 }
    }

    struct DotenvMember: Sendable, Hashable {
        var blob: Int32
        var isTemplate: Bool
    }
}
