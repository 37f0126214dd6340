// Where a vault keeps its files, and their names.

import Crypto
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The layout of a vault: `vault.json`, `secrets/NAME.sealed` and `locks/NAME.lock`.
struct VaultFolder: Sendable {
    let path: String

    init(_ path: String) {
        // "/" itself stays what it is.
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    var header: String { path + "/vault.json" }
    var lock: String { path + "/vault.lock" }
    var secrets: String { path + "/secrets" }
    private var locks: String { path + "/locks" }
    func secret(_ name: String) -> String { secrets + "/" + Self.fileName(of: name) }
    func lock(of name: String) -> String { locks + "/" + Self.stem(of: name) + ".lock" }

    /// Makes what is not there yet, for the user alone.
    func make() throws(StoreError) {
        for folder in [path, secrets, locks] { try Self.make(folder) }
    }

    /// Whether any secret is kept here.
    func hasSecrets() throws(StoreError) -> Bool {
        try entries().contains { $0.name.hasSuffix(Self.fileEnding) }
    }

    /// Everything in the folder of secrets; nothing when there is no such folder.
    func entries() throws(StoreError) -> [Folder.Entry] {
        do { return try Folder.entries(at: secrets) } catch { throw .file(error) }
    }

    // MARK: Names of files

    static let fileEnding = ".sealed"
    /// A file name has room for 255 bytes, of which the ending and a temporary file's marks take some 35.
    private static let longestStem = 200
    /// The mark of a stem that is a digest. No name has it, and none encodes to it.
    private static let digestMark = "~"

    static func fileName(of name: String) -> String { stem(of: name) + fileEnding }

    /// The name with everything percent-encoded but digits, small letters and `_+=@-`, and points that do not come
    /// first: capitals too, since file systems exist that do not tell them from small letters. A name that would get too
    /// long is named by its digest.
    private static func stem(of name: String) -> String {
        var stem: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "-"):
                stem.append(byte)
            case UInt8(ascii: ".") where !stem.isEmpty: stem.append(byte)
            default: stem += [UInt8(ascii: "%"), Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 15)]
            }
        }
        guard stem.count > longestStem else { return String(decoding: stem, as: UTF8.self) }
        return digestMark + Hexadecimal.text(SHA256.hash(data: Array(name.utf8)))
    }

    enum Naming: Equatable {
        case name(String)
        /// The name is told by the file alone.
        case digest
        /// No secret's file is called that.
        case none
    }

    /// Whose file it is by its name, which ends in `fileEnding`.
    static func naming(of fileName: String) -> Naming {
        let stem = Array(fileName.utf8.dropLast(fileEnding.utf8.count))
        if stem.first == digestMark.utf8.first { return .digest }
        var name: [UInt8] = []
        var index = 0
        while index < stem.count {
            if stem[index] == UInt8(ascii: "%") {
                guard index + 2 < stem.count, let high = Hexadecimal.value(stem[index + 1]),
                    let low = Hexadecimal.value(stem[index + 2])
                else { return .none }
                name.append(high << 4 | low)
                index += 3
            } else {
                name.append(stem[index])
                index += 1
            }
        }
        let text = String(decoding: name, as: UTF8.self)
        // Only the one spelling that is written is read: "%61" is no other name for "a".
        guard let name = try? SecretName(new: text).name, Self.fileName(of: name) == fileName else { return .none }
        return .name(name)
    }

    /// Removes what writers of this secret left when they were killed. The secret's lock must be held: then nobody is
    /// writing it.
    func removeLeftovers(of name: String) {
        let start = Self.fileName(of: name) + "."
        guard let entries = try? entries() else { return }
        for entry in entries where entry.kind == .file && entry.name.hasPrefix(start) && entry.name.hasSuffix(".tmp") {
            // The process and a random number, as `AtomicFile` names them: other secrets' names can go on like this one.
            let marks = entry.name.dropFirst(start.count).dropLast(4)
            if marks.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) {
                unlink(secrets + "/" + entry.name)
            }
        }
    }

    // MARK: Folders

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the folder and those above it that are missing, for the user alone.
    static func make(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return try requireFolder(path) }
        let parent = parent(of: path)
        guard errno == ENOENT, parent != path else { throw .systemFailure(path, "the folder cannot be made") }
        try make(parent)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .systemFailure(path, "the folder cannot be made")
        }
    }

    private static func requireFolder(_ path: String) throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .systemFailure(path, "the folder cannot be opened") }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .file(path: path, reason: "it is not a folder") }
    }
}

extension StoreError {
    /// What the system just said, with what it was about.
    static func systemFailure(_ path: String, _ what: String) -> StoreError {
        .file(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
    }

    static func file(_ error: FileError) -> StoreError {
        .file(
            path: error.path, reason: "it cannot be \(error.operation == .read ? "read" : "written"): \(error.reason)")
    }
}
